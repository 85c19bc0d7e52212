"""The notation of our statements: SQL that SQLite and PostgreSQL both take, and three words of our own.

    id IN numbers(:ids)                          whether it is one of a list of whole numbers
    act IN words(:acts)                          the same for texts; NOT IN as well
    FROM numbers(:ids) AS each                   a list as a table: `value`, and its place `nth` from 1
    FROM rows(:plans, id BIGINT, word TEXT) AS p a list of dictionaries as a table

The values that are bound to them are lists. Booleans are numbers, 0 and 1.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

_VALUE: Final = re.compile(r"(?<![:\w]):([a-z_]\w*)")
_TYPES: Final = {"numbers": "BIGINT[]", "words": "TEXT[]"}
_LISTS: Final = re.compile(r"\b(?:numbers|words|rows)\(:(\w+)")
_IN: Final = re.compile(r"\b(NOT )?IN (numbers|words)\(:(\w+)\)")
_LISTED: Final = re.compile(r"\b(numbers|words)\(:(\w+)\) AS (\w+)")
_ROWS: Final = re.compile(r"\brows\(:(\w+), ([^()]+)\)")


def for_sqlite(sql: str, values: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return a statement as SQLite takes it, with its values."""
    text, lists = _sqlite(sql)
    if not lists:
        return text, values
    return text, {**values, **{name: _json(values[name]) for name in lists}}


def _json(values: Sequence[Any] | None) -> str | None:
    return None if values is None else json.dumps(values, ensure_ascii=False)


@lru_cache(maxsize=512)
def _sqlite(sql: str) -> tuple[str, frozenset[str]]:
    lists = frozenset(match[1] for match in _LISTS.finditer(sql))
    text = _IN.sub(r"\1IN (SELECT value FROM json_each(:\3))", sql)
    text = _LISTED.sub(r"(SELECT value, key + 1 AS nth FROM json_each(:\2)) AS \3", text)
    return _ROWS.sub(_rows_of_sqlite, text), lists


def _rows_of_sqlite(match: re.Match[str]) -> str:
    names = [column.split()[0] for column in match[2].split(",")]
    columns = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in names)
    return f"(SELECT {columns} FROM json_each(:{match[1]}))"  # noqa: S608  # names of our statements


def for_postgres(sql: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return a statement as PostgreSQL takes it, with its values in the order of their places."""
    text, names, records = _postgres(sql)
    return text, [_json(values[name]) if name in records else values[name] for name in names]


@lru_cache(maxsize=512)
def _postgres(sql: str) -> tuple[str, tuple[str, ...], frozenset[str]]:
    records = frozenset(match[1] for match in _ROWS.finditer(sql))
    text = _IN.sub(_in_of_postgres, sql)
    text = _LISTED.sub(_list_of_postgres, text)
    text = _ROWS.sub(r"(SELECT * FROM jsonb_to_recordset(CAST(:\1 AS jsonb)) AS _ (\2))", text)
    names = tuple(dict.fromkeys(match[1] for match in _VALUE.finditer(text)))
    return _VALUE.sub(lambda match: f"${names.index(match[1]) + 1}", text), names, records


def _list_of_postgres(match: re.Match[str]) -> str:
    return f"unnest(CAST(:{match[2]} AS {_TYPES[match[1]]})) WITH ORDINALITY AS {match[3]} (value, nth)"


def _in_of_postgres(match: re.Match[str]) -> str:
    # Of a list, `IN (SELECT …)` would hide from the planner how few they are.
    compared = "<> ALL" if match[1] else "= ANY"
    return f"{compared} (CAST(:{match[3]} AS {_TYPES[match[2]]}))"
