"""Ask a lookup of the hub as who operates it, or list those there are."""

import argparse

from etoile.hub.product import PRODUCT
from etoile.runtime.stack import manage


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="the lookup; none: list them, with their last 24 hours")
    parser.add_argument("values", nargs="*", metavar="NAME=VALUE", help="what is asked")
    parser.add_argument("--reason", help="to ask: why, in words: it is written in the journal")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    return manage(PRODUCT.name, _arguments(args))


def _arguments(args: argparse.Namespace) -> list[str]:
    # Joined by a sign, so that a reason beginning with a dash is not taken for an option.
    options = [*([f"--reason={args.reason}"] if args.reason else []), *(["--json"] if args.json else [])]
    return ["hub_lookup", *options, *([args.name] if args.name else []), *args.values]
