"""`python -m etoile.hub.worker`: the process that delivers."""

import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etoile.hub.settings")
    django.setup()
    import uvloop

    from etoile.hub.worker.process import Worker

    async def run() -> None:
        await Worker().run()

    uvloop.run(run())


if __name__ == "__main__":
    main()
