"""Operate the citizen-relationship system: load a town, publish a procedure, create an agent."""

import argparse
from typing import Any

from etoile.gru.product import PRODUCT
from etoile.runtime.stack import manage


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    load = actions.add_parser("load", help="load a town: authority, teams, agents, procedures")
    load.add_argument("file")
    procedure = actions.add_parser("procedure", help="load one procedure, as a draft or published")
    procedure.add_argument("siret")
    procedure.add_argument("file")
    procedure.add_argument("--publish", action="store_true")
    export = actions.add_parser(
        "export", help="write a procedure as one YAML file, always the same for the same content"
    )
    export.add_argument("siret")
    export.add_argument("slug")
    export.add_argument("--draft", action="store_true", help="the draft, instead of what is in service")
    actions.add_parser("schema", help="write the JSON Schema of a procedure's YAML file")
    accessibility = actions.add_parser("accessibility", help="publish the accessibility statements of a file")
    accessibility.add_argument("file")
    _authority(accessibility)
    content = actions.add_parser("content", help="load what the portal says: places, situations, guides, news, alert")
    content.add_argument("file")
    _authority(content)
    table = actions.add_parser("table", help="import a reference table from CSV, all of it or nothing")
    table.add_argument("authority", help="SIRET or slug")
    table.add_argument("slug")
    table.add_argument("file", nargs="?")
    for name in _TABLE_OPTIONS:
        table.add_argument(f"--{name}", default="")
    table.add_argument("--back", action="store_true", help="put the version before back in force")
    search = actions.add_parser("search", help="make again the words by which cases are found")
    search.add_argument("--after", default="", help="go on from this case, as the command last said")
    retention = actions.add_parser(
        "retention",
        help="what becomes of ended cases: what goes and when, lists to sign, proofs of removal",
        add_help=False,
    )
    retention.add_argument("rest", nargs=argparse.REMAINDER, metavar="VERB …")
    breach = actions.add_parser("breach", help="whom a breach of data concerns: counted, then listed", add_help=False)
    breach.add_argument("rest", nargs=argparse.REMAINDER, metavar="OPTION …")
    client = actions.add_parser(
        "client", help="programs that use the API: create, list, allow, renew, close", add_help=False
    )
    client.add_argument("rest", nargs=argparse.REMAINDER, metavar="VERB …")
    contract = actions.add_parser(
        "contract", help="service contracts of applications: load, list, suspend, resume, end, tell", add_help=False
    )
    contract.add_argument("rest", nargs=argparse.REMAINDER, metavar="VERB …")
    _duplicates(actions)
    _agents(actions)


def _authority(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--authority", default="", help="its slug or its SIRET; not needed when there is only one")


def _agents(actions: Any) -> None:
    keys = actions.add_parser("keys", help="the key that seals: make a new one, what is under which, seal again")
    keys.add_argument("verb", choices=["new", "status", "rotate"])
    review = actions.add_parser("review", help="who may come in, as CSV: to be gone through once a year")
    _authority(review)
    history = actions.add_parser("history", help="check that no row of a case's history was changed, added or removed")
    _authority(history)
    mails = actions.add_parser("mails", help="write every e-mail in a folder, with made-up facts, to look at them")
    mails.add_argument("folder")
    _authority(mails)
    agent = actions.add_parser("agent", help="agents of the back-office")
    verbs = agent.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, words in _AGENT_VERBS.items():
        parsed = verbs.add_parser(verb, help=words)
        parsed.add_argument("email")
        if verb in ("close", "open", "forget-factor"):
            _authority(parsed)
            continue
        parsed.add_argument("--team", action="append", default=[], help="TEAM (instructor), or TEAM=ROLE[,ROLE…]")
        parsed.add_argument("--role", action="append", default=[], help="a role in the whole authority")
        for name in _AGENT_OPTIONS if verb == "create" else ("authority",):
            parsed.add_argument(f"--{name}", default="")


def _duplicates(actions: Any) -> None:
    words = "rules by which two persons are suspected to be one"
    duplicates = actions.add_parser("duplicates", help=words, add_help=False)
    duplicates.add_argument("rest", nargs=argparse.REMAINDER, metavar="rules FILE | usual | again | now")


def run(args: argparse.Namespace) -> int:
    """The work is done by management commands, in a process of their own with the GRU's settings."""
    return manage(PRODUCT.name, _arguments(args))


def _arguments(args: argparse.Namespace) -> list[str]:
    if args.action == "load":
        return ["gru_load", args.file]
    if args.action == "procedure":
        return ["gru_procedure", args.siret, args.file, *(["--publish"] if args.publish else [])]
    if args.action == "export":
        return ["gru_export", args.siret, args.slug, *(["--draft"] if args.draft else [])]
    if args.action == "schema":
        return ["gru_schema"]
    if args.action == "accessibility":
        return ["gru_accessibility", args.file, *([f"--authority={args.authority}"] if args.authority else [])]
    if args.action == "duplicates":
        return ["gru_duplicates", *args.rest]
    if args.action == "content":
        return ["gru_content", args.file, *([f"--authority={args.authority}"] if args.authority else [])]
    if args.action == "table":
        named = [f"--{name}={getattr(args, name)}" for name in _TABLE_OPTIONS if getattr(args, name)]
        file = [args.file] if args.file else []
        return ["gru_table", args.authority, args.slug, *file, *named, *(["--back"] if args.back else [])]
    if args.action == "keys":
        return ["gru_keys", args.verb]
    if args.action in ("review", "history", "mails"):
        folder = [args.folder] if args.action == "mails" else []
        return [f"gru_{args.action}", *folder, *([f"--authority={args.authority}"] if args.authority else [])]
    if args.action == "search":
        return ["gru_search", *([f"--after={args.after}"] if args.after else [])]
    if args.action == "retention":
        return ["gru_retention", *args.rest]
    if args.action in ("client", "contract", "breach"):
        return [f"gru_{args.action}", *args.rest]
    given = {name: getattr(args, name.replace("-", "_"), "") for name in _AGENT_OPTIONS}
    options = [f"--{name}={value}" for name, value in given.items() if value]
    held = [
        *(f"--team={team}" for team in getattr(args, "team", [])),
        *(f"--role={role}" for role in getattr(args, "role", [])),
    ]
    return ["gru_agent", args.verb, args.email, *options, *held]


_TABLE_OPTIONS = ("title", "key", "label")
_AGENT_VERBS = {
    "create": "create an agent",
    "roles": "an agent's roles become exactly these",
    "close": "an agent opens nothing any more, at once",
    "open": "an agent opens again what their roles give",
    "forget-factor": "an agent who lost telephone and recovery codes installs another at the next sign-in",
}
_AGENT_OPTIONS = ("authority", "given-name", "family-name", "capacity", "password-file")
