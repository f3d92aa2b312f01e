"""Bring the databases, translations and static files to the installed version.

Uses HUB_OWNER_DATABASE_URL and GRU_OWNER_DATABASE_URL (the roles that own the tables), or the embedded database.
"""

import argparse
import os
import sys

from etoile.runtime import databases
from etoile.runtime.migration import migrate
from etoile.runtime.products import discover, product
from etoile.runtime.stack import database


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("products", nargs="*", metavar="PRODUCT", help=f"by default: {' '.join(discover())}")


def run(args: argparse.Namespace) -> int:
    chosen = [product(name) for name in args.products] or list(discover().values())
    with database(tell=_tell):
        migrate(chosen, dict(os.environ) | databases.addresses(chosen), tell=_tell)
    return 0


def _tell(message: str) -> None:
    print(f"etoile | {message}", file=sys.stderr, flush=True)
