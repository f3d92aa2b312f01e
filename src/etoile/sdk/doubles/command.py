"""Start a simulated application, to try a connector by hand.

Without a name, lists those that are installed. It listens on this machine only, says its address and its access, and
shows on its page what it holds; its faults and its clock are set there or by POST /_double/faults and /_double/clock
(docs/doubles.md). Ctrl-C stops it.
"""

import argparse
import asyncio
import importlib
import os
import signal
import sys
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

from etoile.sdk.doubles import Double, Place

GROUP = "etoile.doubles"
MISUSE = 2


def configure(parser: argparse.ArgumentParser) -> None:
    data = Path(os.environ.get("ETOILE_DATA", "data"))
    parser.add_argument("name", nargs="?", metavar="NAME", help="by default: lists them")
    parser.add_argument("--port", type=int, help="where it listens (its own port by default, 0 for any free one)")
    parser.add_argument("--control-port", type=int, help="where its page is, when it speaks something else than HTTP")
    parser.add_argument("--folder", type=Path, help="where it keeps what must survive (data/doubles/NAME)")
    parser.add_argument("--fault", metavar="KIND", help="a fault in force from the start")
    parser.add_argument("--hub", default="http://127.0.0.1:8100", help="address of the hub, for one that calls it")
    parser.set_defaults(data=data)


def run(args: argparse.Namespace) -> int:
    """0 once stopped, 2 when the name, the fault or the port has no meaning here."""
    doubles = installed()
    if args.name is None:
        width = max(map(len, doubles), default=0)
        for name, double in doubles.items():
            _say(f"{name:<{width}}  {double.controls}  {double.speaks}: {double.english}")
        return 0
    if args.name not in doubles:
        return _misuse(f"there is no double “{args.name}”; installed: {', '.join(doubles) or 'none'}")
    double = doubles[args.name]
    if args.fault is not None and args.fault not in double.kinds:
        return _misuse(f"{double.name} does not show “{args.fault}”; it shows: {', '.join(sorted(double.kinds))}")
    place = Place(
        folder=args.folder or args.data / "doubles" / double.name,
        port=double.port if args.port is None else args.port,
        control_port=double.control_port or 0,
        hub=args.hub,
        secrets=args.data / "secrets",
    )
    if args.control_port is not None:
        place = replace(place, control_port=args.control_port)
    try:
        asyncio.run(_stand(double, place, args.fault))
    except OSError as error:
        return _misuse(f"{double.name} cannot listen on port {place.port}: {error.strerror}. Choose another (--port).")
    return 0


def installed() -> dict[str, Double]:
    """Those that can be started here, by name; one whose package is absent is left out."""
    found: dict[str, Double] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            found[entry.name] = importlib.import_module(entry.value).DOUBLE
        except ModuleNotFoundError as missing:
            # The extra `demo` (Starlette, aiosmtpd) may not be installed, nor the package that brings the double.
            if missing.name is None or (
                missing.name.startswith("etoile.") and not entry.value.startswith(missing.name)
            ):
                raise
    return found


async def _stand(double: Double, place: Place, fault: str | None) -> None:
    place.folder.mkdir(parents=True, exist_ok=True)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with double.open(place) as standing:
        standing.faults.set(fault)
        _say(f"{double.name} (simulated): {double.english}")
        for name, value in standing.says.items():
            _say(f"  {name:<12} {value}")
        await stop.wait()
        standing.faults.set(None)


def _misuse(words: str) -> int:
    sys.stderr.write(f"etoile: {words}\n")
    return MISUSE


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
