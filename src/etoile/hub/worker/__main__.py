"""`python -m etoile.hub.worker`: the process that delivers."""

import gc
import logging
import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etoile.hub.settings")
    django.setup()
    # When the process stops, psycopg says that it gives up listening: nobody has anything to do about it.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    import uvloop

    from etoile.hub.worker.process import Worker

    # What the start made stays for ever, and what a delivery makes goes with it: to look for cycles in all of it every
    # few deliveries was a fifth of the work.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)

    async def run() -> None:
        await Worker().run()

    uvloop.run(run())


if __name__ == "__main__":
    main()
