"""Identifiers in order of time, for the rooms that may not import the contract."""

import uuid

from etoile.contract import identifiers


def uuid7() -> uuid.UUID:
    """A UUID version 7: time-ordered, so that a primary key grows at one end of its index."""
    return identifiers.uuid7()
