"""What can go wrong with the embedded database, in words for the person who starts it."""

from etoile.runtime.plain import PlainError


class EmbeddedDatabaseError(PlainError):
    """The embedded database cannot be used; the message says why and what to do."""


class AlreadyRunningError(EmbeddedDatabaseError):
    """Another process looks after this data folder's database."""

    def __init__(self, pid: int | None) -> None:
        self.pid = pid
        who = f"process {pid}" if pid else "another process"
        super().__init__(
            f"The database of this data folder is already run by {who}. Stop it first, or use it as it is."
        )
