"""The application behind the place of exchange, simulated: it takes what was dropped and gives files back.

It decides nothing of itself: somebody at its counter (a test, a demonstration) says `move(number, code)`. It misbehaves
in what it gives back: a file cut short, in another charset than agreed, with a column renamed, twice or never.
"""

import csv
import io
import os
from pathlib import Path

from etoile.sdk.faults import Clock, Switch

HEADER = ("Numero", "Etat", "Date", "Libelle")
RENAMED = ("NumDossier", *HEADER[1:])
# The kinds that show in what the application gives back.
RETURNED = frozenset({"truncated", "wrong_charset", "renamed", "duplicate", "lost_notification", "out_of_order"})


class Returning:
    """Writes `retour-0001.csv`… in `out`: columns Numero, Etat, Date, Libelle, separated by « ; », in UTF-8."""

    def __init__(self, folder: Path, faults: Switch, clock: Clock, out: str = "out") -> None:
        self.folder, self.faults, self.clock, self.out = folder, faults, clock, out
        self._kept: list[tuple[str, ...]] = []
        self._count = 0

    def move(self, number: str, code: str, label: str = "Instruit par la mairie, à délivrer") -> str | None:
        """Record the new state of a request and give it back in a file; its name, None when nothing was given back.

        Out of order, a state waits for the next one and is told after it.
        """
        row = (number, code, f"{self.clock.tick():%Y-%m-%dT%H:%M:%SZ}", label)
        if self.faults.strikes("lost_notification"):
            return None
        if not self._kept and self.faults.strikes("out_of_order"):
            self._kept.append(row)
            return None
        rows, self._kept = [row, *self._kept], []
        header = RENAMED if self.faults.strikes("renamed") else HEADER
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows([header, *rows])
        content = text.getvalue().encode("latin-1" if self.faults.strikes("wrong_charset") else "utf-8")
        if self.faults.strikes("truncated"):
            content = content[: len(content) // 2]
        if self.faults.strikes("duplicate"):
            self._give(content)
        return self._give(content)

    def _give(self, content: bytes) -> str:
        self._count += 1
        name = f"retour-{self._count:04d}.csv"
        folder = self.folder / self.out
        folder.mkdir(parents=True, exist_ok=True)
        written = folder / f".{name}.part"
        written.write_bytes(content)
        moment = self.clock.now().timestamp()
        os.utime(written, (moment, moment))
        written.rename(folder / name)
        return name
