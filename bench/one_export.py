"""One export of every case, as the worker does it; prints what it took. Called by `bench.exports`."""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

# Django has to be set up before any of its models is imported.
from etoile.gru.access.models import Account  # noqa: E402
from etoile.gru.batches import running, services  # noqa: E402
from etoile.gru.batches.models import Batch, Format  # noqa: E402


def main(form, account):
    asked = services.ask_export(Account.objects.get(pk=account), "onglet=toutes", form=Format(form))
    started = time.perf_counter()
    running.export(asked.pk, lambda: False)
    found = Batch.objects.get(pk=asked.pk)
    took = {
        "cases": found.done,
        "seconds": round(time.perf_counter() - started, 1),
        "size_mb": round(found.size / 1e6, 1),
        "peak_mb": round(highest() / 1024, 1),
    }
    print(json.dumps(took))


def highest():
    """The most memory this process held, in kibibytes: `ru_maxrss` would begin with that of its parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
