"""The arguments of a call, however they came: in the address, as a form, as JSON, with files."""

import json
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

Files = dict[str, tuple[str, bytes]]

MAX_PARAMETERS: Final = 2**20
"""Bytes of all values together, files apart."""

_INTEGERS: Final = 2**63 - 1
_TRUE: Final = frozenset({"true", "yes", "1"})


class Arguments:
    """Named values as texts, and uploaded files by field."""

    def __init__(self, values: dict[str, str], files: Files) -> None:
        self.values = values
        self.files = files

    def text(self, name: str) -> str:
        """Return a value; empty when it was not given."""
        return self.values.get(name, "")

    def whole(self, name: str, default: int = 0) -> int:
        """Return a whole number, cut to 64 bits; what is none counts as not given."""
        return whole(self.values.get(name), default)

    def truth(self, name: str) -> bool:
        """Return a yes or no; anything odd is a no."""
        return self.text(name).strip().lower() in _TRUE

    def json(self, name: str) -> Any:
        """Return a structured value; None when it was not given. ValueError when it cannot be read."""
        text = self.text(name)
        return json.loads(text) if text else None


def whole(value: object, default: int = 0) -> int:
    """Return a number or a text as a whole number, cut to 64 bits; anything else counts as not given."""
    try:
        return max(-_INTEGERS, min(int(str(value)), _INTEGERS))
    except ValueError:
        return default


async def read_arguments(request: web.Request) -> Arguments:
    """Return everything that a request gives. ValueError for a body that cannot be read."""
    values: dict[str, str] = dict(request.query)
    files: Files = {}
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        if not isinstance(body, dict):
            raise ValueError("the body is no JSON object")
        values |= {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()
        }
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name:
                data = bytes(await part.read(decode=True))
                if part.filename is not None:
                    files[part.name] = (part.filename, data)
                else:
                    values[part.name] = data.decode()
    else:
        values |= dict(parse_qsl(await request.text(), keep_blank_values=True, errors="strict"))
    if sum(len(value.encode()) for value in values.values()) > MAX_PARAMETERS:
        raise web.HTTPRequestEntityTooLarge(max_size=MAX_PARAMETERS, actual_size=0, text="")
    return Arguments(values, files)
