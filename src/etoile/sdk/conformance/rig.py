"""What the double of a connector lends to the conformance suite: one running simulated system, and how to use it.

A connector's `double.py` holds one function, `rig`:

    @asynccontextmanager
    async def rig() -> AsyncIterator[Rig]:
        registry = Registry()
        with serve(registry.application) as address:
            yield Rig(
                configuration={"url": address},
                secrets={"key": KEY},
                wrong_secrets={"key": "another"},
                event=EventFactory().make(),
                faults=registry.application,
                written=lambda: len(registry.records),
                allowed=(address,),
            )
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from etoile.contract.envelope import Event
from etoile.sdk.mail import MailDoor


class FaultSwitch(Protocol):
    """Makes the double misbehave. `kinds`: those of `sdk.faults` that its protocol can show."""

    @property
    def kinds(self) -> frozenset[str]: ...

    def set(
        self, kind: str | None, /, *, count: int | None = ..., seconds: float = ..., retry_after: int | None = ...
    ) -> None:
        """Puts one kind of fault in force, or none. In force when it returns.

        `count`: how many times, None until cleared; `seconds`: how slow; `retry_after`: seconds that the double asks to
        wait, where its protocol can ask. What a kind has no use for is ignored.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A double that runs, while `rig()` is open.

    * `configuration`: settings of the connector, pointing at the double; `secrets` go with them.
    * `wrong_secrets`: the same names, with values that the double refuses; empty when it asks for none.
    * `event`: one that the connector can deliver. The suite makes others of it: other ids, case and documents.
    * `mapping`: the file of the subscription's mapping, or its tree; None when the connector needs none.
    * `written()`: how many distinct things the double holds. One delivery adds one, however many times it is tried.
    * `faults`: the switch; None when nothing can go wrong on the way (nothing is sent).
    * `allowed`: addresses the connector may call ("http://127.0.0.1:43210" or "127.0.0.1:43210").
    * `folders`: folders of this machine it may use. `mail`: its mail door, for one that sends messages.
    * `asks_to_wait`: its protocol can say how long to wait (the `retry_after` of the fault "too_many").
    * `carries_documents`: the double takes the documents of an event. The suite serves one from its own address.
    * `move(external_id)`: somebody changes the state of what the double holds under this number; the next `poll` must
      tell it. None for a connector that does not poll.
    * `query`, `absent`: a question of `lookup` that has an answer, and one that has none.
    """

    configuration: Mapping[str, Any]
    event: Event
    secrets: Mapping[str, str] = field(default_factory=dict)
    wrong_secrets: Mapping[str, str] = field(default_factory=dict)
    mapping: str | Path | Mapping[str, Any] | None = None
    written: Callable[[], int] = lambda: 0
    faults: FaultSwitch | None = None
    allowed: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    mail: MailDoor | None = None
    asks_to_wait: bool = True
    carries_documents: bool = False
    move: Callable[[str], object] | None = None
    query: Mapping[str, Any] | None = None
    absent: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        # It holds secrets, and an event.
        return f"<Rig of {len(self.configuration)} settings>"
