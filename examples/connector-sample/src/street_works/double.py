"""A simulated application, for tests and demonstrations: give it the routes and the odd answers of the real one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from etoile.sdk.conformance import Rig
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.faults import HTTP, About, Clock, Faults
from etoile.sdk.faults.asgi import answer, read
from etoile.sdk.testing import EventFactory, serve

KEY = "une-cle-de-simulation"
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Application:
    """`records`: what it holds, by the key of the request that wrote it. Behind the SDK's switch of faults."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.sequence = 0
        self.clock = Clock(START)
        about = About("Travaux de voirie", "Une application qui enregistre des demandes.", self.held, self.move)
        self.application = Faults(self._answer, about=about, clock=self.clock)

    def held(self) -> list[dict[str, Any]]:
        """What its page shows: numbers, states and dates, nothing that a person wrote."""
        return [dict(each) for each in self.records.values()]

    def move(self, number: str, state: str, label: str) -> None:
        """Somebody at the counter changes the state of a request. KeyError when it has no such number."""
        for record in self.records.values():
            if record["number"] == number:
                record.update(self._stamped(state, label))
                return
        raise KeyError(number)

    def _stamped(self, state: str, label: str) -> dict[str, Any]:
        self.sequence += 1
        moment = self.clock.tick().isoformat()
        return {"state": state, "label": label, "changed_at": moment, "sequence": self.sequence}

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        body = await read(receive)
        if headers.get("x-api-key") != KEY:
            await _send(send, 401, {"detail": "Clé inconnue."})
            return
        match scope["method"], scope["path"]:
            case "GET", "/version":
                await _send(send, 200, {"version": "1"})
            case "GET", "/changes":
                after = int(parse_qs(scope["query_string"].decode()).get("after", ["0"])[0])
                changes = [each for each in self.records.values() if each["sequence"] > after]
                await _send(send, 200, {"changes": sorted(changes, key=lambda each: each["sequence"])})
            case "POST", "/requests":
                await _send(send, *self._create(headers.get("idempotency-key", ""), json.loads(body)))
            case _:
                await _send(send, 404, {"detail": "Adresse inconnue."})

    def _create(self, key: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if not request.get("title"):
            return 422, {"detail": "Le titre manque."}
        if key not in self.records:
            number = f"V-{len(self.records) + 1}"
            self.records[key] = {"number": number, **self._stamped("NEW", "Nouveau")}
        return 201, self.records[key]


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs: the application running, and how to use it."""
    simulated = Application()
    with serve(simulated.application) as address:
        yield Rig(
            configuration={"base_url": address},
            secrets={"key": KEY},
            wrong_secrets={"key": "une-autre-cle"},
            mapping=Path(__file__).parent / "fixtures" / "mapping.yaml",
            event=EventFactory().make(),
            written=lambda: len(simulated.records),
            faults=simulated.application,
            allowed=(address,),
            move=lambda number: simulated.move(number, "END", "Terminé"),
        )


@asynccontextmanager
async def standing(place: Place) -> AsyncIterator[Standing]:
    """The application for whoever tries things by hand: `etoile double street_works`."""
    simulated = Application()
    with serve(simulated.application, host=place.host, port=place.port) as address:
        yield Standing(simulated.application, {"page": f"{address}/", "address": address, "X-Api-Key": KEY})


DOUBLE = Double(
    name="street_works",
    french="Une application qui enregistre des demandes.",
    english="An application that records requests.",
    speaks="REST",
    kinds=HTTP,
    port=8240,
    open=standing,
)


async def _send(send: Any, status: int, content: Any) -> None:
    await answer(send, status, "application/json", json.dumps(content))
