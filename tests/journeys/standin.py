"""An application that stands in for the GRU: it speaks the contract, and nothing else of Étoile."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from etoile.contract.client import HubClient
from etoile.contract.envelope import Event
from etoile.contract.signature import SignatureError, verify, verify_address


class StandIn:
    """Publishes with `hub`, keeps what the hub delivers in `received`, serves documents at their signed address."""

    def __init__(self, port: int, hub: str, secret, documents: dict[str, bytes]) -> None:
        self.received: list[Event] = []
        self.hub = HubClient(hub, "gru", secret("gru_hub_client_secret"))
        this = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                verify(secret("gru_inbox_secret"), self.headers, body)
                this.received.append(Event.from_json(body))
                self.reply(200, b"{}", "application/json")

            def do_GET(self) -> None:
                try:
                    verify_address(self.path, secret("gru_document_secret"))
                except SignatureError:
                    return self.reply(403, b"", "text/plain")
                return self.reply(200, documents[self.path.split("?")[0]], "application/pdf")

            def reply(self, status: int, body: bytes, media_type: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
