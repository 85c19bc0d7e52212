"""`python -m tests.bench PYTHON`: every figure. PYTHON is that of the environment with the peers."""

import sys
from pathlib import Path

from tests.bench import answering, large, reading, sending
from tests.bench.rows import tell

if __name__ == "__main__":
    peers = Path(sys.argv[1])
    sys.exit(tell([*sending.rows(peers), *answering.rows(), *large.rows(), *reading.rows(peers)]))
