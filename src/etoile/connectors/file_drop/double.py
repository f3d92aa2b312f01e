"""Simulated places of exchange, for tests and demonstrations: an SFTP server on a real socket, kept in a folder.

    async with SftpDouble(folder) as server:
        server.faults.set("disk_full")

What the application would see is the folder itself; `returning` is the application. `etoile double sftp` puts one at
hand, with its key and its access on the screen (docs/doubles.md).
"""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncssh

from etoile.connectors.file_drop.returning import RETURNED, Returning
from etoile.sdk.conformance import FaultSwitch, Rig
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.faults import About, Clock, Control, Fault, Switch
from etoile.sdk.testing import EventFactory, serve

USER = "ville"
PASSWORD = "a-password"  # noqa: S105 of a simulated system

MAPPING = {
    "mapping": 1,
    "name": "echange",
    "application": "urbanisme",
    "type": "org.etoile.case.submitted.v1",
    "version": 1,
    "send": {"Reference": "=event.data.case.reference", "Libelle": "=event.data.procedure.title.fr"},
    "return": {
        "code": "=answer.Etat",
        "label": {"$value": "=answer.Libelle"},
        "at": {"$date": "=answer.Date", "format": "iso"},
        "statuses": {"INSTRUIT": "in_progress", "CLOS": "closed"},
    },
}
KINDS = RETURNED | {
    "unauthorized",
    "other_host_key",
    "weak_algorithms",
    "down",
    "time_out",
    "slow",
    "forbidden",
    "not_found",
    "error",
    "disk_full",
    "cut_while_writing",
    "write_then_fail",
    "rename_refused",
    "shortened",
}


class SftpDouble:
    """One simulated server, in the running loop. `faults`: how it misbehaves, its own or the switch of the application
    it belongs to. `password()` is read at each login. `logins` counts those who came in."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        authorized_key: asyncssh.SSHKey | None = None,
        key: asyncssh.SSHKey | None = None,
        password: Callable[[], str] = lambda: PASSWORD,
        faults: Switch | None = None,
    ) -> None:
        self.folder = folder
        self._host, self._port = host, port
        self.key = key or asyncssh.generate_private_key("ssh-ed25519")
        self.authorized_key = authorized_key
        self.password = password
        self.logins = 0
        self.clock = Clock()
        self.faults = faults or Switch(KINDS)
        self.faults.watch(self._show)
        self.returning = Returning(folder, self.faults, self.clock)
        self.about = about(folder, "Dépôt SFTP", self.returning.move)
        self._acceptor: Any = None

    async def __aenter__(self) -> "SftpDouble":
        self._acceptor = await asyncssh.listen(
            self._host,
            self._port,
            server_host_keys=[self.key],
            server_factory=lambda: _Server(self),
            sftp_factory=lambda channel: _Files(self, channel),
            server_version="Simulated_town_planning",
            allow_scp=False,
        )
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.faults.set(None)
        self._acceptor.close()
        await self._acceptor.wait_closed()

    @property
    def port(self) -> int:
        return int(self._acceptor.get_port())

    @property
    def fingerprint(self) -> str:
        return self.key.get_fingerprint()

    @property
    def address(self) -> str:
        return f"{self._host}:{self.port}"

    @property
    def place(self) -> dict[str, Any]:
        """The settings of the connector that lead here; the password is the secret `password`."""
        return {
            "kind": "sftp",
            "host": self._host,
            "port": self.port,
            "username": USER,
            "authentication": {"kind": "password"},
            "host_keys": [self.fingerprint],
        }

    def _show(self, fault: Fault | None) -> None:
        """Two faults show in the first words of the server, before anybody comes in."""
        kind = fault.fault if fault else None
        if self._acceptor is not None:
            changed = kind == "other_host_key"
            self._acceptor.update(
                server_host_keys=[asyncssh.generate_private_key("ssh-ed25519") if changed else self.key],
                kex_algs=["diffie-hellman-group14-sha1"] if kind == "weak_algorithms" else (),
            )


class _Server(asyncssh.SSHServer):
    def __init__(self, double: SftpDouble) -> None:
        self._double = double

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        # Whoever has just come has met the other key or the old algorithms.
        self._double.faults.strikes("other_host_key", "weak_algorithms")
        if self._double.faults.strikes("down"):
            conn.abort()

    def password_auth_supported(self) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        known = (username, password) == (USER, self._double.password())
        if known and self._double.faults.strikes("unauthorized"):
            raise asyncssh.PasswordChangeRequired("Your password has expired")
        return known

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        wanted = self._double.authorized_key
        known = wanted is not None and key.get_fingerprint() == wanted.get_fingerprint()
        return username == USER and known and not self._double.faults.strikes("unauthorized")

    def auth_completed(self) -> None:
        self._double.logins += 1


class _Files(asyncssh.SFTPServer):
    """The folder as the root, and the fault in force."""

    def __init__(self, double: SftpDouble, channel: Any) -> None:
        super().__init__(channel, chroot=os.fsencode(double.folder))
        self._faults = double.faults

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        if fault := self._faults.strikes("slow", "time_out"):
            await self._faults.wait(fault.seconds)
            if fault.fault == "time_out":
                self.connection.abort()
        if self._faults.strikes("not_found"):
            raise asyncssh.SFTPNoSuchFile("No such file or directory")
        if pflags & asyncssh.FXF_WRITE and self._faults.strikes("forbidden"):
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        return super().open(path, pflags, attrs)

    def write(self, file_obj: Any, offset: int, data: bytes) -> Any:
        if self._faults.strikes("disk_full"):
            raise asyncssh.SFTPNoSpaceOnFilesystem("No space left on device")
        if self._faults.strikes("error"):
            raise asyncssh.SFTPFailure("Failure")
        if self._faults.strikes("cut_while_writing"):
            super().write(file_obj, offset, data[: len(data) // 2])
            file_obj.flush()
            self.connection.abort()
            raise asyncssh.SFTPConnectionLost("Cut")
        if self._faults.strikes("shortened"):
            super().write(file_obj, offset, data[:-1])
            return len(data)
        return super().write(file_obj, offset, data)

    def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        if self._faults.strikes("rename_refused"):
            raise asyncssh.SFTPFailure("Failure")
        renamed = super().rename(oldpath, newpath)
        if self._faults.strikes("write_then_fail"):
            self.connection.abort()
        return renamed


def about(folder: Path, name: str, move: Callable[[str, str, str], object]) -> About:
    """What such a place of exchange shows of itself."""
    return About(name, "Un dossier d’échange avec une application, à distance.", lambda: held(folder), move)


def laid_out(folder: Path) -> Path:
    """The folders that both sides agreed on."""
    for name in ("in/pieces", "out/archive", "out/quarantaine"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


def held(folder: Path) -> list[dict[str, Any]]:
    """Each file that is there, oldest first: its place, its size and its date, never what is in it."""
    found = []
    for each in folder.rglob("*"):
        # One may be put away while we look.
        with suppress(FileNotFoundError):
            if each.is_file():
                found.append((each, each.stat()))
    return [
        {
            "fichier": str(each.relative_to(folder)),
            "octets": state.st_size,
            "modifié": datetime.fromtimestamp(state.st_mtime, UTC).isoformat(timespec="seconds"),
        }
        for each, state in sorted(found, key=lambda pair: (pair[1].st_mtime, pair[0]))
    ]


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs, over SFTP."""
    with TemporaryDirectory() as folder:
        async with SftpDouble(laid_out(Path(folder))) as server:
            # SSH has no word for "come back in ten minutes".
            yield rig_of(
                server.place, _WhileDropping(server.faults), server.returning, server.address, asks_to_wait=False
            )


class _WhileDropping:
    """The switch without what shows only in a returned file: a drop goes well under these."""

    kinds = KINDS - RETURNED

    def __init__(self, switch: Switch) -> None:
        self.set = switch.set


def rig_of(
    place: dict[str, Any], faults: FaultSwitch, returning: Returning, address: str, *, asks_to_wait: bool
) -> Rig:
    """The same exchange whatever the place: what counts as written is what stands under its final name."""
    return Rig(
        configuration={
            "place": place,
            "drop": {
                "folder": "in",
                "name": "=event.data.case.reference",
                "format": {"kind": "csv", "columns": ["Reference", "Libelle", "Pieces"]},
                "documents": {"folder": "in/pieces", "column": "Pieces"},
            },
            "poll": {
                "folder": "out",
                "archive": "out/archive",
                "quarantine": "out/quarantaine",
                "settle": 0,
                "reading": {"number": "Numero"},
            },
            "timeout": 60,
        },
        secrets={"password": PASSWORD},
        wrong_secrets={"password": "un-autre"},
        mapping=MAPPING,
        event=EventFactory().make(data={"documents": []}),
        written=lambda: len([*(returning.folder / "in").glob("[!.]*.csv")]),
        faults=faults,
        allowed=(address,),
        asks_to_wait=asks_to_wait,
        carries_documents=True,
        move=lambda number: returning.move(number, "CLOS"),
    )


@asynccontextmanager
async def standing(place: Place) -> AsyncIterator[Standing]:
    """A server for whoever tries things by hand; its key and its files are kept in the folder."""
    path = place.folder / "host_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    folder = laid_out(place.folder / "echange")
    async with SftpDouble(folder, host=place.host, port=place.port, key=asyncssh.read_private_key(path)) as server:
        control = Control(server.faults, about=server.about, clock=server.clock)
        with serve(control, host=place.host, port=place.control_port) as address:
            says = {"page": f"{address}/", "address": server.address, "user": f"{USER} / {PASSWORD}"}
            yield Standing(server.faults, says | {"host key": server.fingerprint, "folder": str(folder)})


DOUBLE = Double(
    name="sftp",
    french="Un dossier d’échange en SFTP, et l’application qui y rend des fichiers.",
    english="A folder of exchange, and the application that gives files back there.",
    speaks="SFTP",
    kinds=KINDS,
    port=8221,
    control_port=8231,
    open=standing,
)
