"""Start the worker: Django first, then the loops."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etoile.gru.settings")
    import django

    django.setup()
    from etoile.gru.worker.loop import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
