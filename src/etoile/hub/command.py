"""Operate the hub: load a star file, make operators and partitions, see its status.

The work is done by management commands, in a process of their own with the hub's settings."""

import argparse

from etoile.hub.product import PRODUCT
from etoile.runtime.stack import manage


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    load = actions.add_parser("load", help="load a star file: authorities, applications, subscriptions")
    load.add_argument("file")
    operator = actions.add_parser("operator", help="operators of the console")
    create = operator.add_subparsers(dest="verb", required=True, metavar="VERB").add_parser("create")
    create.add_argument("email")
    create.add_argument("--name", default="")
    create.add_argument("--password-file", help="else the variable HUB_OPERATOR_PASSWORD, else it is asked")
    partitions = actions.add_parser("partitions", help="make the monthly partitions that are missing")
    partitions.add_argument("--months-ahead", type=int, default=2)
    actions.add_parser("reencrypt", help="write the secrets again with the first key of HUB_ENCRYPTION_KEY")
    actions.add_parser("status", help="what the hub knows and what it still has to deliver")


def run(args: argparse.Namespace) -> int:
    return manage(PRODUCT.name, _arguments(args))


def _arguments(args: argparse.Namespace) -> list[str]:
    if args.action == "load":
        return ["hub_load", args.file]
    if args.action == "operator":
        file = ["--password-file", args.password_file] if args.password_file else []
        return ["hub_operator", args.email, "--name", args.name, *file]
    if args.action == "partitions":
        return ["hub_partitions", "--months-ahead", str(args.months_ahead)]
    return [f"hub_{args.action}"]
