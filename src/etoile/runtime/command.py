"""The `etoile` command. Each subcommand is a module with `configure(parser)` and `run(args)`, found by entry point."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Final

from etoile.runtime.plain import MisuseError, PlainError

GROUP: Final = "etoile.commands"
INTERRUPTED: Final = 130
TITLE: Final = "Étoile: a citizen-relationship system, and the hub that links it to the business software."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; returns the exit status (2 for a misuse). Without one, explains them all."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if not given or given[0] in {"-h", "--help", "help"}:
            print(explanation())
            return 0
        return _run(given[0], given[1:])
    except PlainError as error:
        print(f"etoile: {error}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED


def explanation() -> str:
    """What `etoile` alone prints."""
    modules = {name: _load(entry) for name, entry in _commands().items()}
    width = max(len(name) for name in modules)
    lines = [f"  etoile {name:<{width}}   {_summary(module)}" for name, module in modules.items() if module]
    return "\n".join([TITLE, "", *lines, "", "etoile COMMAND --help says more."])


def _run(name: str, rest: list[str]) -> int:
    commands = _commands()
    entry = commands.get(name)
    module = _load(entry) if entry else None
    if module is None:
        raise MisuseError(f"there is no command “{name}”. Commands: {', '.join(commands)}.")
    parser = argparse.ArgumentParser(prog=f"etoile {name}", description=module.__doc__)
    module.configure(parser)
    return int(module.run(parser.parse_args(rest)) or 0)


def _commands() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name)}


def _load(entry: EntryPoint) -> ModuleType | None:
    """None if the package that brings the command is not installed here (the hub alone, say)."""
    try:
        return importlib.import_module(entry.value)
    except ModuleNotFoundError as missing:
        if missing.name and (entry.value == missing.name or entry.value.startswith(f"{missing.name}.")):
            return None
        raise


def _summary(module: ModuleType) -> str:
    return (module.__doc__ or "").strip().splitlines()[0] if module.__doc__ else ""
