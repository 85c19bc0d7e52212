"""When readers want their digests, as columns of their rows."""

from datetime import time

from bot.reader.model import Schedule, Subscription, Weekly


def schedule_values(of: Schedule | Subscription) -> dict[str, object]:
    """Return the columns of a schedule."""
    return {
        "zone": of.zone,
        "times": ",".join(time.strftime("%H:%M") for time in of.times),
        "days": "".join(map(str, sorted(of.days))),
        "weekly": f"{of.weekly.day} {of.weekly.at:%H:%M}" if of.weekly else None,
        "paused_until": of.paused_until.isoformat() if of.paused_until else None,
    }


def weekly_of(text: str | None) -> Weekly | None:
    """Return what `weekly` says: `7 18:00` is Sunday evening."""
    if text is None:
        return None
    day, at = text.split()
    return Weekly(int(day), time.fromisoformat(at))
