"""Whether updates come in, by whatever road."""

from bot.clock import Clock, Heartbeat


class Arrivals:
    """When updates could last have come in, and why they do not."""

    def __init__(self, clock: Clock) -> None:
        self.heartbeat = Heartbeat(clock)
        self.reason = ""
        """Why none come, in words for the owner; empty when it lies with the network, or when all is well."""

    def note(self, *, well: bool, reason: str = "") -> None:
        """Note a look at whether they can come in."""
        self.heartbeat.beat(well=well)
        self.reason = reason
