"""Operate the hub: load a star file, see its status, search messages, decide about deliveries, reconcile.

The work is done by management commands, in a process of their own with the hub's settings."""

import argparse
from collections.abc import Iterator
from datetime import date
from typing import Any

from etoile.hub.delivery.management import arguments
from etoile.hub.product import PRODUCT
from etoile.runtime.stack import manage

ROLES = ("reader", "operator", "administrator")


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    load = actions.add_parser("load", help="load a star file: authorities, applications, subscriptions")
    load.add_argument("file")
    _operators(actions)
    partitions = actions.add_parser("partitions", help="make the monthly partitions that are missing")
    partitions.add_argument("--months-ahead", type=int, default=2)
    actions.add_parser("reencrypt", help="write the secrets again with the first key of HUB_ENCRYPTION_KEY")
    status = actions.add_parser("status", help="what the hub knows, what it still has to deliver, its proofs")
    status.add_argument("--json", action="store_true")
    brings = actions.add_parser(
        "engine", help="which engine brings deliveries to the workers, and how its servers stand"
    )
    brings.add_argument("--json", action="store_true")
    _daily(actions)
    reconcile = actions.add_parser("reconcile", help="compare what was accepted on a day with what became of it")
    reconcile.add_argument("--day", type=date.fromisoformat, help="2026-11-24; yesterday unless told")
    reconcile.add_argument("--here-only", action="store_true", help="do not ask the applications what they hold")
    reconcile.add_argument("--csv", metavar="FILE")
    reconcile.add_argument("--json", action="store_true")
    alarms = actions.add_parser("alarms", help="the alarms that are open: what to do; status 1 when there is one")
    alarms.add_argument("--json", action="store_true")
    jobs = actions.add_parser("jobs", help="what the hub does by itself, and how it went; status 1 when one is late")
    jobs.add_argument("--json", action="store_true")
    runs = jobs.add_subparsers(dest="verb", metavar="VERB").add_parser("run", help="run one now")
    runs.add_argument("name")
    retention = actions.add_parser("retention", help="drop the months older than HUB_RETENTION_MONTHS")
    retention.add_argument("--months", type=int, help="keep that many whole months, rather than the setting")
    retention.add_argument("--dry-run", action="store_true", help="say what would be dropped, and do nothing")
    retention.add_argument("--json", action="store_true")


def _operators(actions: Any) -> None:
    verbs = actions.add_parser("operator", help="operators of the console").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    create = verbs.add_parser("create", help="the first one made is administrator")
    create.add_argument("email")
    create.add_argument("--name", default="")
    create.add_argument("--role", choices=ROLES, default=ROLES[0])
    create.add_argument("--password-file", help="else the variable HUB_OPERATOR_PASSWORD, else it is asked")
    role = verbs.add_parser("role", help="give another role")
    role.add_argument("email")
    role.add_argument("role", choices=ROLES)
    role.add_argument("--reason", required=True, help="why, in words: it is written in the journal")
    close = verbs.add_parser("close", help="close the account of someone who has left")
    close.add_argument("email")
    close.add_argument("--reason", required=True, help="why, in words: it is written in the journal")


def _daily(actions: Any) -> None:
    arguments.listing(actions.add_parser("messages", help="search messages, or see all the tries of one"))
    arguments.deciding(actions.add_parser("replay", help="send deliveries again"))
    arguments.deciding(actions.add_parser("cancel", help="close deliveries without delivering"))
    arguments.guarding(actions.add_parser("circuits", help="subscriptions paused because their application is down"))
    quarantine = "answers of applications that could not be applied: see, try again, discard"
    arguments.quarantining(actions.add_parser("quarantine", help=quarantine))
    arguments.switching(actions.add_parser("hold", help="switch a subscription off; what waits for it is held"))
    arguments.switching(actions.add_parser("release", help="switch a subscription on again; what was held leaves"))


# For each action: the words of its management command, the names of its places, then those of its options.
DECIDING = (("ids",), (*arguments.CHOOSING, "reason", "dry_run", "json"))
LISTING = ("case", "source", "to", "type", "state", "external", "since", "until", "before", "limit", "json")
PASSED: dict[str, tuple[list[str], tuple[str, ...], tuple[str, ...]]] = {
    "status": (["hub_status"], (), ("json",)),
    "engine": (["hub_engine"], (), ("json",)),
    "messages": (["hub_messages"], ("id",), LISTING),
    "replay": (["hub_decide", "replay"], *DECIDING),
    "cancel": (["hub_decide", "cancel"], *DECIDING),
    "circuits": (["hub_circuits"], ("verb", "subscription"), ("reason", "json")),
    "quarantine": (["hub_quarantine"], ("verb", "ids"), ("application", "reason", "json")),
    "hold": (["hub_switch", "hold"], ("subscription",), ("reason", "json")),
    "release": (["hub_switch", "release"], ("subscription",), ("reason", "json")),
    "reconcile": (["hub_reconcile"], (), ("day", "here_only", "csv", "json")),
    "alarms": (["hub_alarms"], (), ("json",)),
    "jobs": (["hub_jobs"], ("verb", "name"), ("json",)),
    "retention": (["hub_retention"], (), ("months", "dry_run", "json")),
}


def run(args: argparse.Namespace) -> int:
    return manage(PRODUCT.name, _arguments(args))


def _arguments(args: argparse.Namespace) -> list[str]:
    if args.action in PASSED:
        words, places, options = PASSED[args.action]
        return [*words, *_options(args, options), *_places(args, places)]
    if args.action == "load":
        return ["hub_load", args.file]
    if args.action == "operator":
        given = tuple(name for name in ("name", "role", "reason", "password_file") if hasattr(args, name))
        return ["hub_operator", args.verb, args.email, *_options(args, given)]
    if args.action == "partitions":
        return ["hub_partitions", "--months-ahead", str(args.months_ahead)]
    return [f"hub_{args.action}"]


def _options(args: argparse.Namespace, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        option, value = f"--{name.replace('_', '-')}", getattr(args, name)
        if value is True:
            yield option
        elif value is not None and value is not False:
            # Joined by a sign, so that a reason beginning with a dash is not taken for an option.
            yield from (f"{option}={each}" for each in (value if isinstance(value, list) else [value]))


def _places(args: argparse.Namespace, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = getattr(args, name, None)
        if value is not None:
            yield from (str(each) for each in (value if isinstance(value, list) else [value]))
