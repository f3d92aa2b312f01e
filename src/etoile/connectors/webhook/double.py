"""A simulated application that receives signed events, for the tests of this connector.

`Receiver(secret).application` is an ASGI application behind the SDK's fault switch; `answer` is "json" or "empty".
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from etoile.contract.envelope import Event
from etoile.contract.signature import SignatureError, verify
from etoile.sdk.faults import Faults


class Receiver:
    """`events` holds each event once, in the order of arrival; `deliveries` the webhook-id of each call."""

    def __init__(self, secret: str, *, answer: str = "json") -> None:
        self.secret = secret
        self.answer = answer
        self.events: list[Event] = []
        self.deliveries: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.application = Faults(Starlette(routes=[Route("/hook", self.receive, methods=["POST"])]))

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        try:
            identifier = verify(self.secret, request.headers, body)
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
