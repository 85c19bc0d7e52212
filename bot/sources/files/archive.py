"""Files that are archives: how much may come out of one is bounded, whatever it says of itself."""

import io
import zipfile
import zlib
from typing import Final

from lxml import etree
from lxml.etree import _Element

from bot.errors import ArticleError

MAX_UNPACKED_BYTES: Final = 40_000_000
"""Of all that is read of an archive: a long novel has 2 MB of text, and a bomb petabytes."""

_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError,
)  # fmt: skip
"""What the library raises for an archive that is not whole, or packed in a way that it does not know."""

_PARSER_OPTIONS: Final = {"resolve_entities": False, "no_network": True, "load_dtd": False, "recover": True}


class Archive:
    """An archive whose members are read one by one, up to a limit in all."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGED as error:
            raise ArticleError("file.damaged", file="") from error
        self.names = frozenset(self._zip.namelist())
        self._room = MAX_UNPACKED_BYTES

    def read(self, name: str) -> bytes:
        """Return a member. ArticleError when it is missing, encrypted, damaged or too large."""
        try:
            with self._zip.open(name) as member:
                data = member.read(self._room + 1)
        except KeyError as error:
            raise ArticleError("file.damaged", file="") from error
        except RuntimeError as error:  # what `zipfile` says of a member that needs a password
            raise ArticleError("file.encrypted", file="") from error
        except _DAMAGED as error:
            raise ArticleError("file.damaged", file="") from error
        self._room -= len(data)
        if self._room < 0:
            raise ArticleError("file.bomb", file="", size=MAX_UNPACKED_BYTES // 1_000_000)
        return data

    def check_size(self) -> None:
        """Refuse an archive which a reader of its own would unpack. ArticleError."""
        for name in self.names:
            if name.endswith((".xml", ".rels")):
                self.read(name)

    def tree(self, name: str) -> _Element:
        """Return a member that is XML. ArticleError as in `read`."""
        parser = etree.XMLParser(**_PARSER_OPTIONS)
        try:
            tree = etree.fromstring(self.read(name), parser=parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise ArticleError("file.damaged", file="") from error
        if tree is None:
            raise ArticleError("file.damaged", file="")
        return tree
