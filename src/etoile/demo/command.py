"""The whole star on this machine, with a fictional town and a guided journey.

Starts PostgreSQL, the hub, the GRU, four simulated business applications, simulated
FranceConnect and ProConnect and a letter box; loads the town; plays the
journey through the real pages; prints one line per case; stays up until Ctrl-C (or stops, with --once).
"""

import argparse
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from etoile.demo.browser import VisitError
from etoile.demo.journey import AGENT, DOWN, Journey
from etoile.demo.known import Known
from etoile.demo.report import Teller, table
from etoile.demo.stage import FACTOR, KNOWN_TO_ALL, OPERATOR, Ports, Stage
from etoile.doubles.identity.platforms import FRANCECONNECT, FRANCECONNECT_PLUS, PROCONNECT
from etoile.runtime import totp
from etoile.runtime.folders import data_folder
from etoile.runtime.plain import PlainError
from etoile.runtime.postgres import place

PLATFORMS = (FRANCECONNECT, FRANCECONNECT_PLUS, PROCONNECT)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--once",
        action="store_true",
        help="play the journey in a throw-away folder, then stop: status 0 if all was observed",
    )
    parser.add_argument(
        "--code", action="store_true", help="only say the six digits that the telephone of the agents shows now"
    )
    parser.add_argument("--free-ports", action="store_true", help="use ports that are free instead of the usual ones")
    parser.add_argument("--verbose", action="store_true", help="show what the programs say")


def run(args: argparse.Namespace) -> int:
    if args.code:
        sys.stdout.write(f"{totp.code_at(KNOWN_TO_ALL, totp.step_of(time.time()))}\n")
        return 0
    teller = Teller()
    folder = Path(tempfile.mkdtemp(prefix="etoile-demo-")) if args.once else data_folder() / "demo"
    ports = Ports.free() if args.free_ports else Ports.usual()
    log = None if args.verbose else (prepared(folder) / "demo.log").open("a", encoding="utf-8")
    try:
        stage = Stage(folder, ports, tell=teller.note, output=log, platforms=PLATFORMS)
        return play(stage, teller, stay=not args.once)
    finally:
        if log is not None:
            log.close()
        if args.once:
            forget(folder)


def prepared(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def play(stage: Stage, teller: Teller, *, stay: bool) -> int:
    with stage:
        try:
            teller.chapter("Étoile démarre")
            stage.start(without=(DOWN,))
            lines = Journey(stage, teller).play()
            Known(stage, teller).play()
        except (VisitError, PlainError) as failure:
            teller.say()
            teller.say(teller.paint(f"Le parcours s’arrête : {failure}", "\x1b[31m"))
            teller.note(f"Ce que les programmes ont dit : {stage.data / 'demo.log'}")
            return 1
        except KeyboardInterrupt:
            return 130
        teller.say(table(lines))
        teller.say()
        teller.say(teller.paint(f"Tout a été observé : {len(lines)} demandes sur {len(lines)}.", "\x1b[32m"))
        if stay:
            welcome(stage, teller)
            wait()
    return 0


def welcome(stage: Stage, teller: Teller) -> None:
    teller.chapter("À vous")
    rows = [
        ("Portail des usagers", f"{stage.gru}/"),
        ("Espace des agents", f"{stage.gru}/agents/   {AGENT}   {stage.secret('demo-agent-password')}"),
        ("Code du téléphone des agents", f"{sys.argv[0]} demo --code   (clé : {stage.secret(FACTOR)})"),
        ("Console du hub", f"{stage.hub}/console/   {OPERATOR}   {stage.secret('demo_operator_password')}"),
        ("API du hub", f"{stage.hub}/docs"),
        ("API de la GRU", f"{stage.gru}/api/v1/docs"),
        ("Services famille (simulés)", f"{stage.double('famille')}/"),
        ("Services techniques (simulés)", f"{stage.double('techniques')}/"),
        ("Urbanisme (simulé)", f"{stage.double('urbanisme')}/"),
        ("Vie locale (simulée)", f"{stage.double('vie_locale')}/"),
        ("ProConnect (simulé)", f"{stage.double('proconnect')}/"),
        ("FranceConnect (simulé)", f"{stage.double('franceconnect')}/"),
        ("Boîte aux lettres", f"{stage.mail}/"),
    ]
    for name, address in rows:
        teller.say(f"  {name:<30} {address}")
    teller.say(f"  {'Le hub en ligne de commande':<30} ETOILE_DATA={stage.data} {sys.argv[0]} hub status")
    teller.say()
    teller.say("Ctrl-C arrête tout ; les données restent pour la prochaine fois.")


def wait() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def forget(folder: Path) -> None:
    """The throw-away folder, and its database's home when root put it elsewhere."""
    home = place.inspect(folder).home
    for path in (home, folder):
        shutil.rmtree(path, ignore_errors=True)
    sys.stdout.flush()
