"""The demo's letter box: a real SMTP server that keeps what it receives and shows it on a page.

Run as `python -m etoile.demo.mail --smtp-port 8025 --port 8026 --folder data/demo/mail`. Nothing leaves the machine.
`GET /` shows the letters, `GET /messages` gives them as JSON, oldest first:
`[{to, from, subject, message_id, text, received_at}]`.
"""

import argparse
import email
import email.policy
import html
import json
import signal
import threading
import time
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Boîte aux lettres de la démonstration</title><style>
:root{{color-scheme:light dark}}body{{font:1rem/1.5 system-ui;max-width:52rem;margin:2rem auto;padding:0 1rem}}
article{{border:1px solid #8883;border-radius:.5rem;padding:0 1rem;margin:1rem 0}}
pre{{white-space:pre-wrap;font:inherit}}h2{{font-size:1.1rem}}</style></head><body>
<h1>Boîte aux lettres de la démonstration</h1>
<p>Serveur simulé : ces courriels ne sont partis nulle part.</p>{letters}</body></html>"""


class LetterBox:
    """Keeps each letter as one file; the page and the JSON are read from the files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.Lock()

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        with self.lock:
            path = self.folder / f"{time.time_ns()}.eml"
            temporary = path.with_suffix(".part")
            temporary.write_bytes(content)
            temporary.rename(path)
        return "250 Message accepted for delivery"

    def letters(self) -> list[dict[str, Any]]:
        return [described(path) for path in sorted(self.folder.glob("*.eml"))]


def described(path: Path) -> dict[str, Any]:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(("plain",))
    return {
        "to": str(message["To"]),
        "from": str(message["From"]),
        "subject": str(message["Subject"]),
        "message_id": str(message["Message-ID"]),
        "text": body.get_content() if body else "",
        "attachments": [part.get_filename() for part in message.iter_attachments()],
        "received_at": int(path.stem) / 1e9,
    }


def page(box: LetterBox) -> str:
    letters = "".join(
        f"<article><h2>{html.escape(letter['subject'])}</h2><p>À : {html.escape(letter['to'])}</p>"
        f"<pre>{html.escape(letter['text'])}</pre></article>"
        for letter in reversed(box.letters())
    )
    return PAGE.format(letters=letters or "<p>Aucun courriel pour l’instant.</p>")


def handler_for(box: LetterBox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/messages":
                self.answer(json.dumps(box.letters(), ensure_ascii=False), "application/json")
            elif self.path == "/":
                self.answer(page(box), "text/html; charset=utf-8")
            else:
                self.send_error(404)

        def answer(self, body: str, media_type: str) -> None:
            content = body.encode()
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: the letters are the log."""

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smtp-port", type=int, default=8025)
    parser.add_argument("--port", type=int, default=8026)
    parser.add_argument("--folder", type=Path, required=True)
    args = parser.parse_args()
    box = LetterBox(args.folder)
    controller = Controller(box, hostname="127.0.0.1", port=args.smtp_port)
    controller.start()
    server = ThreadingHTTPServer(("127.0.0.1", args.port), handler_for(box))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
