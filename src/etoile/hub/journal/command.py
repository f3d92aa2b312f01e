"""The journal of the hub: prove that nothing in it was changed."""

import argparse

from etoile.hub.product import PRODUCT
from etoile.runtime.stack import manage


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="prove the journal, or name the first broken entry (status 1)")
    verify.add_argument("--known", default="", metavar="HASH", help="the hash of a seal noted earlier elsewhere")
    verify.add_argument("--json", action="store_true")
    seal = actions.add_parser("seal", help="seal now what was written so far")
    seal.add_argument("--wait", type=float, default=30.0, metavar="SECONDS")


def run(args: argparse.Namespace) -> int:
    return manage(PRODUCT.name, _arguments(args))


def _arguments(args: argparse.Namespace) -> list[str]:
    if args.action == "seal":
        return ["journal_seal", "--wait", str(args.wait)]
    return ["journal_verify", "--known", args.known, *(["--json"] if args.json else [])]
