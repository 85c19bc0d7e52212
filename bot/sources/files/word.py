"""Documents of Word and other word processors (.docx)."""

import io
from typing import Any, Final

import mammoth

from bot.errors import ArticleError
from bot.sources.files.archive import Archive

_MACROS: Final = "word/vbaProject.bin"
_STYLES: Final = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p > em:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='Caption'] => p > em:fresh
r[style-name='Verbatim Char'] => code
r[style-name='HTML Code'] => code
"""
"""What the library does not know by itself; the names of built-in styles are English in every language."""


def word_html(data: bytes) -> str:
    """Return a document as HTML without its pictures. ArticleError when it cannot be read."""
    archive = Archive(data)
    if _MACROS in archive.names:
        raise ArticleError("file.macros", file="")
    # The library unpacks what it needs by itself.
    archive.check_size()
    try:
        made = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=_no_image)
    except MemoryError:
        raise
    except Exception as error:
        # It takes a document for what the format's description says, and meets any other with any exception.
        raise ArticleError("file.damaged", file="") from error
    return str(made.value)


def _no_image(_: Any) -> list[Any]:
    return []
