"""One figure, how good it must be, and what a peer reaches."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final


@dataclass(frozen=True)
class Row:
    """`bound` is the worst value that is good enough, `baseline` a peer's value; either may be missing.

    Bounds are ratios within one run, or figures that do not depend on how fast the machine is.
    """

    name: str
    value: float
    unit: str
    bound: float | None = None
    baseline: float | None = None
    least: bool = False
    """Whether the bound is a floor; else it is a ceiling."""

    @property
    def ok(self) -> bool:
        if self.bound is None:
            return True
        return self.value >= self.bound if self.least else self.value <= self.bound


WIDTH: Final = 76


def tell(rows: Iterable[Row]) -> int:
    """Print each row as it is measured; return 1 if a bound is broken.

    A JSON object a line goes to standard output, a table to the other.
    """
    broken = 0
    for row in rows:
        broken |= not row.ok
        data = {key: value for key, value in asdict(row).items() if key != "least"}
        print(json.dumps({**data, "ok": row.ok}, ensure_ascii=False), flush=True)
        sign = "≥" if row.least else "≤"
        bound = "" if row.bound is None else f"{sign} {row.bound:g}"
        peer = "" if row.baseline is None else f"peer {row.baseline:.4g}"
        mark = "" if row.ok else "  NOT REACHED"
        line = f"{row.name:<{WIDTH}} {row.value:>10.4g} {row.unit:<10} {bound:<10} {peer}{mark}"
        print(line, file=sys.stderr, flush=True)
    return int(broken)
