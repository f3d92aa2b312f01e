"""Exchanges with a true application, kept as files that tests play again: see `fixtures` and `replaying`."""

from etoile.sdk.recording.fixtures import Fixture, kept
from etoile.sdk.recording.replaying import Replay, replayed

__all__ = ["Fixture", "Replay", "kept", "replayed"]
