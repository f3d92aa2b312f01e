"""Start everything on this machine, and stay up until Ctrl-C.

Database (embedded, unless HUB_DATABASE_URL and GRU_DATABASE_URL are given), migrations, then each product's web server
and worker. What falls is started again. `--double NAME` adds simulated applications (docs/doubles.md).
"""

import argparse
import signal
import sys
import threading

from etoile.runtime import doubles
from etoile.runtime.products import discover
from etoile.runtime.stack import Stack


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("products", nargs="*", metavar="PRODUCT", help=f"by default: {' '.join(discover())}")
    parser.add_argument(
        "--double",
        action="append",
        default=[],
        metavar="NAME",
        help="a simulated application beside them, that the hub may call; several times for several (etoile double)",
    )


def run(args: argparse.Namespace) -> int:
    finished = stop_requested()
    with Stack(products=args.products or None, tell=_tell) as stack:
        doubles.add(stack, args.double)
        stack.start()
        for product in stack.products:
            _tell(f"{product.name} is up at {stack.address(product.name)}")
        for name in dict.fromkeys(args.double):
            _tell(f"{name} (simulated) shows what it holds at {doubles.page(name)}")
        _tell("Ctrl-C stops everything")
        finished.wait()
        _tell("stopping")
    return 0


def stop_requested() -> threading.Event:
    """An event set by the first SIGINT or SIGTERM; the second one interrupts as usual."""
    finished = threading.Event()

    def remember(number: int, _frame: object) -> None:
        finished.set()
        signal.signal(number, signal.default_int_handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, remember)
    return finished


def _tell(message: str) -> None:
    print(f"etoile | {message}", file=sys.stderr, flush=True)
