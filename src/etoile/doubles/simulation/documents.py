"""Documents of an item: announced by address and fetched later, or received with the request."""

import hashlib
import time
from typing import Any

import urllib3

from etoile.doubles.simulation.store import Store

MAX_BYTES = 50 * 2**20
DELAYS = (0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)


def announce(store: Store, number: str, documents: list[dict[str, Any]]) -> None:
    """Write down what is to be fetched; a document announced again brings a fresher address."""
    with store.transaction() as connection:
        for document in documents:
            connection.execute(
                "INSERT INTO document (id, number, name, media_type, url, expected, state) VALUES (?,?,?,?,?,?,?)"
                " ON CONFLICT (number, id) DO UPDATE SET url = excluded.url, due = 0,"
                " state = CASE state WHEN 'received' THEN state ELSE 'waiting' END",
                (
                    *(document["id"], number, document.get("name", ""), document.get("media_type", "")),
                    *(document["url"], document.get("sha256"), "waiting"),
                ),
            )


def keep(store: Store, number: str, *, id: str, name: str, media_type: str, content: bytes) -> bool:
    """Record a document received whole; False when the same one is already there."""
    digest = hashlib.sha256(content).hexdigest()
    if store.rows("SELECT 1 FROM document WHERE number = ? AND name = ? AND sha256 = ?", number, name, digest):
        return False
    store.write(
        "INSERT INTO document (id, number, name, media_type, size, sha256, state) VALUES (?,?,?,?,?,?,'received')",
        *(id, number, name, media_type, len(content), digest),
    )
    return True


def fetch_due(store: Store, pool: urllib3.PoolManager) -> int:
    """Fetch what waits; the number of documents received. What fails is tried again later, up to seven times."""
    done = 0
    for row in store.rows("SELECT * FROM document WHERE state = 'waiting' AND due <= ?", time.time()):
        try:
            size, digest = _fetch(pool, row["url"])
            if row["expected"] and digest != row["expected"]:
                raise ValueError("empreinte différente de celle annoncée")
        except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            attempts = row["attempts"]
            state = "waiting" if attempts < len(DELAYS) else "failed"
            due = time.time() + DELAYS[min(attempts, len(DELAYS) - 1)]
            store.write(
                "UPDATE document SET state = ?, attempts = attempts + 1, due = ?, error = ?"
                " WHERE number = ? AND id = ?",
                *(state, due, type(error).__name__ + ": " + str(error)[:120], row["number"], row["id"]),
            )
        else:
            done += 1
            store.write(
                "UPDATE document SET state = 'received', size = ?, sha256 = ?, error = NULL"
                " WHERE number = ? AND id = ?",
                *(size, digest, row["number"], row["id"]),
            )
    return done


def _fetch(pool: urllib3.PoolManager, url: str) -> tuple[int, str]:
    answer = pool.request("GET", url, preload_content=False, redirect=False, timeout=10, retries=False)
    try:
        if answer.status != 200:
            raise ValueError(f"réponse {answer.status}")
        digest, size = hashlib.sha256(), 0
        for block in answer.stream(2**16):
            size += len(block)
            if size > MAX_BYTES:
                raise ValueError("document trop volumineux")
            digest.update(block)
        return size, digest.hexdigest()
    finally:
        answer.release_conn()
