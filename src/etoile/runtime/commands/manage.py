"""Run Django's management for one product: etoile manage hub shell."""

import argparse
import os
import subprocess
import sys

from etoile.runtime import databases
from etoile.runtime.postgres import binaries
from etoile.runtime.products import discover
from etoile.runtime.stack import database


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("product", choices=list(discover()))
    parser.add_argument("--owner", action="store_true", help="as the role that owns the tables")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="as for Django's manage.py")


def run(args: argparse.Namespace) -> int:
    environment = {**os.environ, **({databases.AS_OWNER: "owner"} if args.owner else {})}
    if not databases.given(args.product):
        # dbshell runs psql: the one that came with the server.
        environment["PATH"] = os.pathsep.join([environment.get("PATH", os.defpath), str(binaries.choose().folder)])
    command = [sys.executable, "-m", "etoile.runtime.manage", args.product, *args.arguments]
    with database():
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own module
