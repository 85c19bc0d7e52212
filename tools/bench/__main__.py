"""`python -m tools.bench PYTHON`: every figure. PYTHON is that of the environment with the peers."""

import sys
from itertools import chain
from pathlib import Path

from tools.bench import (
    answering,
    entries,
    feeds,
    large,
    moved,
    pages,
    posting,
    reading,
    searching,
    sending,
    server,
)
from tools.bench.rows import tell

if __name__ == "__main__":
    peers = Path(sys.argv[1])
    sys.exit(
        tell(
            chain(
                sending.rows(peers),
                answering.rows(),
                posting.rows(),
                server.rows(),
                large.rows(),
                moved.rows(),
                searching.rows(),
                pages.rows(),
                feeds.rows(),
                entries.rows(),
                reading.rows(peers),
            )
        )
    )
