"""What readers want to hear of, as JSON in their rows."""

import json

from bot.db.database import Database
from bot.reader.interests import EVERYTHING, Interests, Topic
from bot.reader.model import ReaderId


class InterestStore:
    """The interests of readers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choose(self, reader: ReaderId, interests: Interests) -> None:
        """Write what a reader wants to hear of: from now on, their digests are chosen by it."""
        await self._database.run(
            "UPDATE readers SET interests = :interests WHERE id = :id", id=reader, interests=_dump(interests)
        )


def load_interests(text: str) -> Interests:
    """Return interests as they were written; the empty string stands for none."""
    if not text:
        return EVERYTHING
    read = json.loads(text)
    return Interests(
        followed=tuple(Topic(kind, name) for kind, name in read["followed"]),
        muted=tuple(Topic(kind, name) for kind, name in read["muted"]),
        languages=frozenset(read["languages"]),
    )


def _dump(interests: Interests) -> str:
    written = {
        "followed": [(topic.kind, topic.name) for topic in interests.followed],
        "muted": [(topic.kind, topic.name) for topic in interests.muted],
        "languages": sorted(interests.languages),
    }
    return json.dumps(written, ensure_ascii=False)
