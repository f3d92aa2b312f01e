"""A file that goes wrong as those of true exports do, for the conformance suite. Nothing listens here."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from etoile.sdk.conformance import Rig
from etoile.sdk.faults import Switch
from etoile.sdk.testing import EventFactory

FIXTURE = Path(__file__).with_name("fixtures") / "communes.csv"
KINDS = frozenset({"not_found", "truncated", "wrong_charset", "renamed"})


class ExportedFile(Switch):
    """The switch changes the file as soon as it is set, under its name and at once, as an export does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(KINDS)
        self.folder = folder
        self.set(None)

    def set(self, fault: str | None, **settings: Any) -> None:
        """A file is what it is for everybody: `count`, `seconds` and `retry_after` have no use here."""
        super().set(fault)
        content = FIXTURE.read_bytes()
        if fault == "not_found":
            (self.folder / FIXTURE.name).unlink(missing_ok=True)
            return
        if fault == "truncated":
            content = content[: content.rindex(b";")]
        elif fault == "wrong_charset":
            content = content.decode().encode("latin-1")
        elif fault == "renamed":
            content = content.replace(b"code;", b"identifiant;", 1)
        fresh = self.folder / "export.tmp"
        fresh.write_bytes(content)
        fresh.replace(self.folder / FIXTURE.name)


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs. There is no access to get wrong."""
    with tempfile.TemporaryDirectory() as folder:
        yield Rig(
            configuration=settings_of(folder),
            event=EventFactory().make(data={"documents": []}),
            faults=ExportedFile(Path(folder)),
            folders=(folder,),
            query={"code": "49328"},
            absent={"code": "00000"},
        )


def settings_of(folder: str) -> dict[str, Any]:
    search = {"kind": "exact", "column": "code", "equals": "query.code"}
    return {"folder": folder, "file": FIXTURE.name, "search": search}
