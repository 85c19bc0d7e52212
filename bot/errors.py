"""Every error that this product raises on purpose.

BotError                    what went wrong, as a key of the catalogue and its values
├── ConfigError             the settings are wrong
├── StartError              a port, a folder or the network is not as it must be
├── HealthError             the bot stands still, or says that something in it does
├── ArticleError            a document is refused (file, line)
├── ScheduleError           a time or a zone that a person typed cannot be understood
├── RightLost               somebody may not do this any more
├── SearchStopped           a search took too long
└── StoreError              the database
    ├── StoreBusy           another process holds it
    ├── StoreNewer          it was written by a newer version of this program
    ├── StoreDamaged        it is not, or no longer, a database
    ├── BackupRefused       a file that was to be put back is none of ours
    └── StoreFull           the disk takes no more
"""


class BotError(Exception):
    """The root. `key` names a text of the catalogue, which words it in the language of whoever reads it."""

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(key)

    def __str__(self) -> str:
        """Return a text for logs and tracebacks; people get the one of the catalogue."""
        return f"{self.key} {self.values}" if self.values else self.key


class ConfigError(BotError):
    """One or more settings are missing or wrong; `values` name each of them."""


class StartError(BotError):
    """Something outside the program prevents it from running."""


class HealthError(BotError):
    """Something that must run again and again does not."""


class ArticleError(BotError):
    """A document cannot become an article; `line` (from 1) says where, if that is known."""

    def __init__(self, key: str, *, file: str, line: int | None = None, **values: object) -> None:
        self.file = file
        self.line = line
        super().__init__(key, **values)


class ScheduleError(BotError):
    """A person's time or zone was not understood."""


class RightLost(BotError):
    """Somebody lost the right to what they had begun."""


class SearchStopped(BotError):
    """A search was stopped because it took too long."""


class StoreError(BotError):
    """The database cannot be used."""


class StoreBusy(StoreError):
    """Another process holds the database file."""


class StoreNewer(StoreError):
    """The database belongs to a newer version of this program."""


class StoreDamaged(StoreError):
    """The file is not a database, or is broken."""


class BackupRefused(StoreError):
    """A file that was to be put back is not there, or no database of this program."""


class StoreFull(StoreError):
    """The disk is full: what only reads still works."""


class Unreadable(ValueError):
    """Text that this program writes is not as it writes it: made up, or of another version."""


class NotFound(LookupError):
    """What was asked for by its id is not there, or no longer."""
