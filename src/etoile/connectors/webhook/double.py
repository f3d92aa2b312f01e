"""A simulated application that receives signed events, for the tests of this connector.

`Receiver(secret).application` is an ASGI application behind the SDK's fault switch; `answer` is "json" or "empty".
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from etoile.contract.envelope import Event
from etoile.contract.signature import SignatureError, new_secret, verify
from etoile.sdk.conformance import Rig
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.faults import HTTP, About, Clock, Faults
from etoile.sdk.testing import EventFactory, serve

SECRET = "whsec_YSBzaW11bGF0ZWQgYXBwbGljYXRpb24sIG5vIHNlY3JldA=="  # noqa: S105 of a simulated system
WHAT = "Une application qui reçoit des évènements signés, et reconnaît ceux qu’elle a déjà."


class Receiver:
    """`events` holds each event once, in the order of arrival; `deliveries` the webhook-id of each call."""

    def __init__(self, secret: str, *, answer: str = "json") -> None:
        self.secret = secret
        self.answer = answer
        self.events: list[Event] = []
        self.deliveries: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.clock = Clock()
        self.faults = self.application = Faults(
            Starlette(routes=[Route("/hook", self.receive, methods=["POST"])]),
            kinds=HTTP,
            about=About("Receveur d’évènements (webhook)", WHAT, self.held),
            clock=self.clock,
        )

    def held(self) -> list[dict[str, Any]]:
        """Each event: its number, its type, its subject, how many times it came; never its data."""
        return [
            {"numéro": number, "type": event.type, "objet": event.subject, "reçu": f"{times} fois"}
            for (number, times), event in zip(self._numbers(), list(self.events), strict=False)
        ]

    def _numbers(self) -> list[tuple[str, int]]:
        known = dict.fromkeys(self.deliveries)
        return [(f"N-{rank}", self.deliveries.count(each)) for rank, each in enumerate(known, 1)]

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        try:
            identifier = verify(self.secret, request.headers, body, now=self.clock.now())
        except SignatureError as error:
            return JSONResponse({"title": str(error)}, 401, media_type="application/problem+json")
        self.headers.append(dict(request.headers))
        if identifier not in self.deliveries:
            self.events.append(Event.from_json(body))
        self.deliveries.append(identifier)
        if self.answer == "empty":
            return Response(status_code=204)
        number = list(dict.fromkeys(self.deliveries)).index(identifier) + 1
        return JSONResponse({"external_id": f"N-{number}"}, 201)


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs."""
    receiver = Receiver(new_secret())
    with serve(receiver.application) as address:
        yield Rig(
            configuration={"url": f"{address}/hook", "timeout": 5},
            secrets={"signing_secret": receiver.secret},
            wrong_secrets={"signing_secret": new_secret()},
            event=EventFactory().make(),
            written=lambda: len(receiver.events),
            faults=receiver.faults,
            allowed=(address,),
        )


@asynccontextmanager
async def standing(place: Place) -> AsyncIterator[Standing]:
    """A receiver for whoever tries things by hand."""
    receiver = Receiver(SECRET)
    with serve(receiver.application, host=place.host, port=place.port) as address:
        says = {"page": f"{address}/", "address": f"{address}/hook", "secret": SECRET}
        yield Standing(receiver.faults, says)


DOUBLE = Double(
    name="webhook",
    french=WHAT,
    english="An application that receives signed events, and recognises those it already has.",
    speaks="CloudEvents, Standard Webhooks",
    kinds=HTTP,
    port=8213,
    open=standing,
)
