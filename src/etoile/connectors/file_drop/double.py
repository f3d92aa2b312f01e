"""Simulated places of exchange, for tests and demonstrations: an SFTP server on a real socket, kept in a folder.

    async with SftpDouble(folder) as server:
        server.fault = "disk_full"

What the application would see is the folder itself. To have one at hand, with its key and its access on the screen:

    python -m etoile.connectors.file_drop.double FOLDER --port 8222 --fault disk_full
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Any, Literal, get_args

import asyncssh

USER = "ville"
PASSWORD = "a-password"  # noqa: S105 of a simulated system

SftpFault = Literal[
    "login_refused",
    "other_host_key",
    "weak_algorithms",
    "disk_full",
    "cut_while_writing",
    "cut_after_renaming",
    "rename_refused",
    "permission_denied",
    "failure",
    "slow",
]


class SftpDouble:
    """One simulated server, in the running loop. `fault` None: it behaves. `times`: how often it misbehaves, None for
    always; `logins` counts those who came in."""

    def __init__(self, folder: Path, *, port: int = 0, authorized_key: asyncssh.SSHKey | None = None) -> None:
        self.folder = folder
        self._port = port
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.authorized_key = authorized_key
        self.times: int | None = None
        self.logins = 0
        self._fault: SftpFault | None = None
        self._acceptor: Any = None
        self.released = asyncio.Event()

    async def __aenter__(self) -> "SftpDouble":
        self._acceptor = await asyncssh.listen(
            "127.0.0.1",
            self._port,
            server_host_keys=[self.key],
            server_factory=lambda: _Server(self),
            sftp_factory=lambda channel: _Files(self, channel),
            server_version="Simulated_town_planning",
            allow_scp=False,
        )
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.released.set()
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
        return f"127.0.0.1:{self.port}"

    @property
    def fault(self) -> SftpFault | None:
        return self._fault

    @fault.setter
    def fault(self, fault: SftpFault | None) -> None:
        self._fault = fault
        changed = fault == "other_host_key"
        self._acceptor.update(
            server_host_keys=[asyncssh.generate_private_key("ssh-ed25519") if changed else self.key],
            kex_algs=["diffie-hellman-group14-sha1"] if fault == "weak_algorithms" else (),
        )

    def strikes(self, *faults: SftpFault) -> bool:
        """Whether one of these faults is in force, now."""
        if self._fault not in faults or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class _Server(asyncssh.SSHServer):
    def __init__(self, double: SftpDouble) -> None:
        self._double = double

    def password_auth_supported(self) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD) and not self._double.strikes("login_refused")

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        wanted = self._double.authorized_key
        known = wanted is not None and key.get_fingerprint() == wanted.get_fingerprint()
        return username == USER and known and not self._double.strikes("login_refused")

    def auth_completed(self) -> None:
        self._double.logins += 1


class _Files(asyncssh.SFTPServer):
    """The folder as the root, and the fault in force."""

    def __init__(self, double: SftpDouble, channel: Any) -> None:
        super().__init__(channel, chroot=os.fsencode(double.folder))
        self._double = double

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        if self._double.strikes("slow"):
            await self._double.released.wait()
        if pflags & asyncssh.FXF_WRITE and self._double.strikes("permission_denied"):
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        return super().open(path, pflags, attrs)

    def write(self, file_obj: Any, offset: int, data: bytes) -> Any:
        if self._double.strikes("disk_full"):
            raise asyncssh.SFTPNoSpaceOnFilesystem("No space left on device")
        if self._double.strikes("failure"):
            raise asyncssh.SFTPFailure("Failure")
        if self._double.strikes("cut_while_writing"):
            super().write(file_obj, offset, data[: len(data) // 2])
            file_obj.flush()
            self.connection.abort()
            raise asyncssh.SFTPConnectionLost("Cut")
        return super().write(file_obj, offset, data)

    def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        if self._double.strikes("rename_refused"):
            raise asyncssh.SFTPFailure("Failure")
        renamed = super().rename(oldpath, newpath)
        if self._double.strikes("cut_after_renaming"):
            self.connection.abort()
        return renamed


async def _stand(folder: Path, port: int, fault: SftpFault | None) -> None:
    async with SftpDouble(folder, port=port) as double:
        double.fault = fault
        said = f"Simulated SFTP server on {double.address}, key {double.fingerprint}, user {USER}, password {PASSWORD}"
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated SFTP server, on this machine only.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", choices=get_args(SftpFault))
    chosen = parser.parse_args()
    asyncio.run(_stand(chosen.folder, chosen.port, chosen.fault))


if __name__ == "__main__":
    main()
