"""A document of 100 MB handed over in flat memory: the connector alone in a process of its own, which is measured.

`python -m etoile.sdk.conformance.streaming` reads one JSON object on its input, delivers each of its events, and writes
the outcome and the peak of memory (bytes) after each.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from etoile.contract.envelope import Event
from etoile.sdk.conformance.bench import Bench, mapping_of
from etoile.sdk.conformance.findings import Failed, Unconcerned, Untested
from etoile.sdk.conformance.locating import locate
from etoile.sdk.serving import serve
from etoile.sdk.testing import make_context

SMALL = 64 * 1024
BLOCK = b"%PDF-1.7 " + bytes(range(256)) * 255
LASTS = 120.0
STATUS = Path("/proc/self/status")


async def documents(bench: Bench) -> str:
    """One small document, then a large one: what the large one adds to the peak is a fraction of its size."""
    bench.offers("deliver")
    if not bench.double.carries_documents:
        raise Unconcerned("ce connecteur ne porte pas de pièces")
    if not STATUS.exists():
        raise Untested("la mémoire d’un processus ne se mesure ici que sous Linux")
    ceiling = bench.connector.manifest.limits.document_size
    size = min(bench.document_bytes, ceiling or bench.document_bytes)
    with _served() as address:
        given = _order(bench, address, [SMALL, size])
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __spec__.name, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(json.dumps(given).encode()), LASTS)
        except TimeoutError:
            raise Failed(f"une pièce de {_shown(size)} n’est pas passée en deux minutes") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode:
        raise Failed("le connecteur s’est arrêté en portant une pièce")
    small, large = json.loads(output)
    for told in (small, large):
        if told["kind"] not in ("acknowledged", "accepted"):
            raise Failed(f"une pièce de {_shown(size)} n’est pas acceptée : {told['message']}")
    return flat(large["peak"] - small["peak"], size, ceiling)


def flat(grown: int, size: int, ceiling: int | None) -> str:
    """What to say of a peak that grew by so many bytes while one document of `size` passed. Raises Failed."""
    if grown <= size // 3:
        return f"une pièce de {_shown(size)} ajoute {_shown(max(0, grown))} de mémoire"
    if ceiling is not None and grown <= ceiling * 8:
        return f"pièces gardées en mémoire, jusqu’à {_shown(ceiling)} (limite déclarée)"
    raise Failed(f"une pièce de {_shown(size)} ajoute {_shown(grown)} de mémoire : elle n’est pas transmise en flux")


def _shown(size: int) -> str:
    return f"{size / 2**20:.0f} Mo"


def _order(bench: Bench, address: str, sizes: list[int]) -> dict[str, Any]:
    rig = bench.double
    return {
        "target": bench.target,
        "configuration": dict(rig.configuration),
        "secrets": dict(rig.secrets),
        "mapping": mapping_of(rig.mapping),
        "allowed": [*rig.allowed, address],
        "folders": list(rig.folders),
        "events": [bench.event([_document(address, size)]).to_dict() for size in sizes],
    }


def _document(address: str, size: int) -> dict[str, Any]:
    digest = hashlib.sha256()
    for block in _blocks(size):
        digest.update(block)
    return {
        "id": f"01980f3e-1a2b-7d3c-9e4f-{size:012d}",
        "field": "piece",
        "name": f"piece-{size}.pdf",
        "media_type": "application/pdf",
        "size": size,
        "sha256": digest.hexdigest(),
        "url": f"{address}/{size}",
    }


def _blocks(size: int) -> Iterator[bytes]:
    whole, rest = divmod(size, len(BLOCK))
    yield from (BLOCK for _ in range(whole))
    yield BLOCK[:rest]


@contextmanager
def _served() -> Iterator[str]:
    """A server of documents: /SIZE is one of that size."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        size = int(scope["path"].strip("/"))
        headers = [(b"content-length", str(size).encode()), (b"content-type", b"application/pdf")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for block in _blocks(size):
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    with serve(application) as address:
        yield address


async def _deliver(given: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    connector = locate(given["target"]).connector
    configuration = connector.Configuration.model_validate(given["configuration"])
    for raw in given["events"]:
        event = Event.from_dict(raw)
        context = make_context(
            configuration,
            secrets=given["secrets"],
            allowed=tuple(given["allowed"]),
            folders=tuple(given["folders"]),
            mapping=given["mapping"],
            event=event,
            seconds=LASTS,
        )
        async with context.http:
            outcome = await connector.deliver(event, context)
        yield {"kind": outcome.kind.value, "message": outcome.message, "peak": _peak()}


def _peak() -> int:
    """The most memory this process held, in bytes (Linux). `getrusage` would count its parent, before `exec`."""
    lines = STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


async def main() -> None:
    given = json.load(sys.stdin)
    sys.stdout.write(json.dumps([told async for told in _deliver(given)]))


if __name__ == "__main__":
    asyncio.run(main())
