"""What this room refuses, in words an agent understands."""


class ArchiveRefused(Exception):
    """Something asked that is not done. `str(error)` is shown as it is."""
