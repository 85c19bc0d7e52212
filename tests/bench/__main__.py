"""`python -m tests.bench PYTHON`: every figure. PYTHON is that of the environment with the peers."""

import sys
from pathlib import Path

from tests.bench import reading
from tests.bench.rows import tell

if __name__ == "__main__":
    sys.exit(tell(list(reading.rows(Path(sys.argv[1])))))
