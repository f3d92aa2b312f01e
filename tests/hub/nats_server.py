"""Real NATS servers on loopback, with a folder of their own; stopped by process id, never by name."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from etoile.runtime.ports import free

BINARY = Path(sys.executable).with_name("nats-server")


class NatsServer:
    """One server with JetStream, the files synchronised at each write as docs/operations.md asks."""

    def __init__(self, name="n1", cluster_port=None, routes=()):
        self.name = name
        (self.port,) = free()
        self.folder = Path(tempfile.mkdtemp(prefix="etoile-test-nats-"))
        self._cluster = cluster_port, routes
        self._process = None

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.port}"

    def start(self):
        (self.folder / "server.conf").write_text(self._configuration())
        self._process = subprocess.Popen(
            [BINARY, "-c", self.folder / "server.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait_until_it_listens()
        return self

    def kill(self):
        """As a power cut would: no last words."""
        self._process.kill()
        self._process.wait()

    def wipe(self):
        """Its disk is lost. Call it while it is stopped."""
        shutil.rmtree(self.folder / "store")

    def remove(self):
        if self._process is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _configuration(self):
        own, routes = self._cluster
        cluster = ""
        if own:
            known = ", ".join(f'"nats-route://127.0.0.1:{port}"' for port in routes)
            cluster = f'cluster {{ name: etoile-test, listen: "127.0.0.1:{own}", routes: [{known}] }}'
        return f"""
            server_name: {self.name}
            listen: "127.0.0.1:{self.port}"
            jetstream {{ store_dir: "{self.folder / "store"}", sync_interval: always }}
            {cluster}
        """

    def _wait_until_it_listens(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError(f"{self.name} does not listen")
