"""Say which version is installed, and on what it stands."""

import argparse
import platform
from importlib.metadata import version

from etoile.runtime.postgres import binaries


def configure(parser: argparse.ArgumentParser) -> None:
    """No option."""


def run(args: argparse.Namespace) -> int:
    print(f"Étoile {version('etoile')}")
    print(f"Python {platform.python_version()}, Django {version('django')}")
    servers = binaries.available()
    if servers:
        print(f"PostgreSQL {servers[0].version} ({servers[0].origin})")
    return 0
