"""Which articles a reader's interests let into a digest, and what a tap makes of them. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from bot.article.library import Card, Library
from bot.article.model import ArticleId
from bot.reader.interests import MAX_TOPICS, Interests, Topic, TopicKind
from bot.search.mentions import folded, mentions
from bot.search.words import words_of

_KEY_BYTES: Final = 6


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the news is for a reader, in the order that it had.

    `because` says which followed topic brought an article; `left_out` is the rest.
    """

    cards: Sequence[Card]
    because: Mapping[ArticleId, Topic] = field(default_factory=dict)
    left_out: Sequence[Card] = ()


@lru_cache(maxsize=4_096)
def key_of(topic: Topic) -> str:
    """Return a topic in twelve hexadecimal digits, the same for all ways to write it.

    Case, width, spaces, `_` and `-`, traditional and simplified characters make no difference.
    """
    same = "".join(words_of(topic.name)) or topic.name
    return blake2b(f"{topic.kind}\n{same}".encode(), digest_size=_KEY_BYTES).hexdigest()


def topics_of(card: Card) -> tuple[Topic, ...]:
    """Return the source and the tags of an article, as topics."""
    return _topics(card.source, card.tags)


def select(cards: Sequence[Card], interests: Interests) -> Selection:
    """Return what of these articles a reader wants to hear of."""
    if not interests:
        return Selection(cards)
    taken: list[Card] = []
    left_out: list[Card] = []
    because: dict[ArticleId, Topic] = {}
    for card in cards:
        topic = _first(interests.followed, card)
        wanted = topic is not None or not interests.followed
        if not wanted or _first(interests.muted, card) or not _is_read(card, interests):
            left_out.append(card)
            continue
        taken.append(card)
        if topic is not None:
            because[card.id] = topic
    return Selection(taken, because, left_out)


def wanted_by(interests: Interests, library: Library) -> Callable[[ArticleId], bool] | None:
    """Return what tells whether a reader wants to hear of an article; None when of all."""
    if not interests:
        return None

    def is_wanted(article: ArticleId) -> bool:
        card = library.get(article)
        return card is not None and bool(select((card,), interests).cards)

    return is_wanted


def switched(interests: Interests, topic: Topic) -> Interests:
    """Return interests as a tap on a topic makes them: neither, followed, muted, and again."""
    if is_chosen(interests.muted, topic):
        return without(interests, topic)
    if is_chosen(interests.followed, topic):
        return muting(interests, topic)
    return following(interests, topic)


def following(interests: Interests, topic: Topic) -> Interests:
    """Return interests with a topic followed; as they are when there are too many."""
    others = without(interests, topic)
    return replace(others, followed=(*others.followed, topic)) if _has_room(others) else interests


def muting(interests: Interests, topic: Topic) -> Interests:
    """Return interests with a topic muted; as they are when there are too many."""
    others = without(interests, topic)
    return replace(others, muted=(*others.muted, topic)) if _has_room(others) else interests


def muted_over(interests: Interests, topic: Topic) -> Interests:
    """Return interests with a topic muted, also where it is followed, so that it can be undone exactly."""
    if is_chosen(interests.muted, topic) or not _has_room(interests):
        return interests
    return replace(interests, muted=(*interests.muted, topic))


def unmuted(interests: Interests, topic: Topic) -> Interests:
    """Return interests as they were before a topic was muted."""
    key = key_of(topic)
    return replace(interests, muted=tuple(each for each in interests.muted if key_of(each) != key))


def without(interests: Interests, topic: Topic) -> Interests:
    """Return interests in which a topic is neither followed nor muted."""
    key = key_of(topic)
    return replace(
        interests,
        followed=tuple(each for each in interests.followed if key_of(each) != key),
        muted=tuple(each for each in interests.muted if key_of(each) != key),
    )


def is_chosen(topics: Iterable[Topic], topic: Topic) -> bool:
    """Return whether a topic is among others, however it is written."""
    return key_of(topic) in map(key_of, topics)


def counted(cards: Iterable[Card], kind: TopicKind) -> Sequence[tuple[Topic, int]]:
    """Return the tags or sources that articles have, each with how many have it, the most frequent first."""
    if kind == "tag":
        written = Counter(tag for card in cards for tag in card.tags)
    else:
        written = Counter(card.source for card in cards if card.source)
    names: dict[str, Topic] = {}
    counts: Counter[str] = Counter()
    # The most frequent way to write it stands for all.
    for name, count in written.most_common():
        topic = Topic(kind, name)
        names.setdefault(key_of(topic), topic)
        counts[key_of(topic)] += count
    return [(names[key], count) for key, count in counts.most_common()]


def _has_room(interests: Interests) -> bool:
    return len(interests.followed) + len(interests.muted) < MAX_TOPICS


def _is_read(card: Card, interests: Interests) -> bool:
    return not interests.languages or card.language in interests.languages


def _first(topics: Sequence[Topic], card: Card) -> Topic | None:
    """Return the first of these topics that an article has."""
    keys = _keys(card.source, card.tags)
    return next((topic for topic in topics if _has(card, topic, keys)), None)


def _topics(source: str | None, tags: Sequence[str]) -> tuple[Topic, ...]:
    named = (Topic("source", source),) if source else ()
    return (*named, *(Topic("tag", tag) for tag in tags))


@lru_cache(maxsize=4_096)
def _keys(source: str | None, tags: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(key_of, _topics(source, tags)))


def _has(card: Card, topic: Topic, keys: frozenset[str]) -> bool:
    return mentions(_said(card), topic.name) if topic.kind == "word" else key_of(topic) in keys


def _said(card: Card) -> str:
    """Return what lists say of an article: a word that stands only deep in its text is not its topic."""
    said = (card.title, card.lead, *card.tags, card.source or "", card.author or "")
    return folded("\n".join(said))
