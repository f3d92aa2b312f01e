"""What this room refuses, in words an agent understands."""


class BatchError(Exception):
    """`str(error)` is shown as it is."""
