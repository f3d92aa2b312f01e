"""Run Django's management for one product: etoile manage hub shell."""

import argparse
import os

from etoile.runtime import databases
from etoile.runtime.postgres import binaries
from etoile.runtime.products import discover
from etoile.runtime.stack import manage


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("product", choices=list(discover()))
    parser.add_argument("--owner", action="store_true", help="as the role that owns the tables")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="as for Django's manage.py")


def run(args: argparse.Namespace) -> int:
    environment = {databases.AS_OWNER: "owner"} if args.owner else {}
    if not databases.given(args.product):
        # dbshell runs psql: the one that came with the server.
        environment["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), str(binaries.choose().folder)])
    return manage(args.product, args.arguments, environment)
