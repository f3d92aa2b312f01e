"""Put a product at rest, wake it up, or say which ones rest: every page answers 503, health goes on answering.

On several machines, run it on each one that serves pages: the switch is a file of ETOILE_DATA.
"""

import argparse
from datetime import datetime, timedelta
from typing import Final

from etoile.runtime.folders import data_folder
from etoile.runtime.maintenance import begin, current, end, switch
from etoile.runtime.plain import MisuseError
from etoile.runtime.products import discover, product

DAY: Final = timedelta(days=1)


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    on = actions.add_parser("on", help="every page of these products says that they rest")
    on.add_argument("--until", default="", help="the expected end, shown to people: 18:30, or 2026-12-24T18:30")
    off = actions.add_parser("off", help="these products work again, at once")
    for each in (on, off):
        each.add_argument("products", nargs="+", metavar="PRODUCT", help=" or ".join(discover()))
    actions.add_parser("status", help="which products rest; the status is 1 if one does")


def run(args: argparse.Namespace) -> int:
    data = data_folder()
    if args.action == "status":
        return _status()
    until = moment(args.until, datetime.now().astimezone()) if args.action == "on" and args.until else None
    for name in [product(each).name for each in args.products]:
        file = switch(data, name)
        if args.action == "on":
            begin(file, until)
            print(f"{name} rests{_words(until)}. Wake it up with: etoile maintenance off {name}")
        else:
            print(f"{name} works again." if end(file) else f"{name} was not at rest.")
    return 0


def moment(text: str, now: datetime) -> datetime:
    """The next time a clock shows that hour, or a date with its hour; by the clock of this machine."""
    try:
        if len(text) <= len("18:30"):
            hour = datetime.strptime(text, "%H:%M")  # noqa: DTZ007 - only its hour is kept
            found = now.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
            return found if found > now else found + DAY
        found = datetime.fromisoformat(text)
    except ValueError:
        raise MisuseError(f"“{text}” is not an hour: write 18:30, or 2026-12-24T18:30.") from None
    found = found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    if found <= now:
        raise MisuseError(f"“{text}” is past: give the hour at which it should end.")
    return found


def _status() -> int:
    resting = 0
    for name in discover():
        rest = current(switch(data_folder(), name))
        resting += rest is not None
        print(f"{name}: at rest{_words(rest.until)}" if rest else f"{name}: working")
    return 1 if resting else 0


def _words(until: datetime | None) -> str:
    return f" until {until.astimezone():%Y-%m-%d %H:%M}" if until else ""
