"""The journal of the hub: prove that nothing in it was changed."""

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_subparsers(dest="action", required=True, metavar="ACTION")


def run(args: argparse.Namespace) -> int:
    raise NotImplementedError(args.action)
