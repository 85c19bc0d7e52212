"""What a reader wants to hear of: tags, sources, words and languages that they chose."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

TopicKind = Literal["tag", "source", "word"]
TOPIC_KINDS: Final[tuple[TopicKind, ...]] = get_args(TopicKind)

MAX_TOPICS: Final = 100
"""Topics that one reader may choose."""

_MAX_CHARS: Final = 40
"""Characters of a word or tag that is typed; what is longer is no topic but a sentence."""

_BETWEEN: Final = re.compile(r"[,，、;；\n]")
_MINUS: Final = ("-", "−", "–", "—")


@dataclass(frozen=True, slots=True)
class Topic:
    """A tag, a source or a word, as it is written somewhere."""

    kind: TopicKind
    name: str


@dataclass(frozen=True, slots=True)
class Interests:
    """What a reader chose; nothing chosen means everything.

    With topics `followed`, only what has one of them is announced; what has one of those `muted` never is.
    `languages` (ISO 639) are those of articles; none means all.
    """

    followed: tuple[Topic, ...] = ()
    muted: tuple[Topic, ...] = ()
    languages: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Return whether anything was chosen."""
        return bool(self.followed or self.muted or self.languages)


EVERYTHING: Final = Interests()
"""The interests of whoever chose nothing."""


def typed_topics(words: str) -> tuple[tuple[Topic, ...], tuple[Topic, ...]] | None:
    """Return the topics that somebody typed to follow and to mute; None for what is no list of topics.

    Between two stands a comma; `#` begins a tag, a minus what is muted: `rust, #ai, -crypto`.
    """
    followed: list[Topic] = []
    muted: list[Topic] = []
    for part in _BETWEEN.split(words):
        name = part.strip()
        is_muted = name.startswith(_MINUS)
        name = name.lstrip("".join(_MINUS) + "+ ")
        topic = Topic("tag" if name.startswith(("#", "＃")) else "word", name.lstrip("#＃ "))
        if not any(char.isalnum() for char in topic.name):
            continue
        if len(topic.name) > _MAX_CHARS:
            return None
        (muted if is_muted else followed).append(topic)
    return (tuple(followed), tuple(muted)) if followed or muted else None
