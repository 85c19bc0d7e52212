"""One figure, how good it must be, and what a peer reaches."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """`bound` is the worst value that is good enough, `baseline` a peer's value; either may be missing."""

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


def tell(rows: list[Row]) -> int:
    """A JSON object a line on standard output, a table on the other; 1 if a bound is broken."""
    for row in rows:
        data = {key: value for key, value in asdict(row).items() if key != "least"}
        print(json.dumps({**data, "ok": row.ok}, ensure_ascii=False))
    width = max(len(row.name) for row in rows)
    for row in rows:
        sign = "≥" if row.least else "≤"
        bound = "" if row.bound is None else f"{sign} {row.bound:g}"
        peer = "" if row.baseline is None else f"peer {row.baseline:.4g}"
        mark = "" if row.ok else "  NOT REACHED"
        line = f"{row.name:<{width}} {row.value:>10.4g} {row.unit:<10} {bound:<10} {peer}{mark}"
        print(line, file=sys.stderr)
    return int(not all(row.ok for row in rows))
