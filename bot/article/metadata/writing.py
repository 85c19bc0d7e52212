"""Write a document: metadata as front matter, then the text."""

from collections.abc import Mapping

import yaml


def document_of(fields: Mapping[str, object], text: str) -> str:
    """Return a document with the fields that say something as its front matter."""
    said = {name: value for name, value in fields.items() if value}
    if not said:
        return text
    front = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{text}"
