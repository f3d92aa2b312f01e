"""Run one product's worker: as many as wanted, on as many machines as wanted.

The database is the one given, or the running stack's, or the embedded one started for the duration.
"""

import argparse
import os

from etoile.runtime.commands.up import stop_requested
from etoile.runtime.products import discover, product
from etoile.runtime.stack import database, worker
from etoile.runtime.supervisor import Supervisor


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("product", choices=list(discover()))


def run(args: argparse.Namespace) -> int:
    finished = stop_requested()
    with database(), Supervisor() as programs:
        programs.add(f"{args.product}-worker-{os.getpid()}", worker(product(args.product)), dict(os.environ))
        programs.start()
        finished.wait()
    return 0
