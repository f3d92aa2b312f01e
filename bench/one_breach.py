"""Whom one breach concerns, counted then listed as `etoile gru breach --list` does; prints what it took. Called by
`bench.people`, with the name of what was reached, and how many days back."""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

import django

django.setup()

# Django has to be set up before any of its models is imported.
from django.db import connection  # noqa: E402

from bench.one_export import highest  # noqa: E402
from etoile.gru.access.models import Authority  # noqa: E402
from etoile.gru.rights import breach  # noqa: E402


def main(resource, name, days):
    now, statements = datetime.now(UTC), Statements()
    asked = breach.Asked(breach.Resource(resource), now - timedelta(days=int(days)), now, name)
    authority = Authority.objects.get()
    with connection.execute_wrapper(statements), tempfile.TemporaryFile("w", encoding="utf-8", newline="") as out:
        found = breach.concerned(authority, asked)
        started = time.perf_counter()
        counted = breach.count(found)
        between = time.perf_counter()
        written = breach.write(out, found, authority.zone)
        ended = time.perf_counter()
    if written != counted.cases:
        raise RuntimeError(f"{resource}: {written} listed of {counted.cases}")
    took = {
        "rows": written,
        "count_ms": round((between - started) * 1000, 1),
        "list_ms": round((ended - between) * 1000, 1),
        "statements": statements.number,
        "peak_mb": round(highest() / 1024, 1),
    }
    print(json.dumps(took))


class Statements:
    """Counts those that go through Django."""

    def __init__(self):
        self.number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += 1
        return execute(sql, params, many, context)


if __name__ == "__main__":
    main(*sys.argv[1:])
