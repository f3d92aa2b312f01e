"""The place of exchange is a folder of this machine."""

import asyncio
import errno
import os
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar

from etoile.connectors.file_drop import stores
from etoile.connectors.file_drop.places import LocalFolder
from etoile.connectors.file_drop.stores import BLOCK, MOST_ENTRIES, Entry, StoreError, is_plain, too_long
from etoile.sdk import Context, Door, DoorError

T = TypeVar("T")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NOT_OURS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@asynccontextmanager
async def opened(place: LocalFolder, context: Context, timeout: float) -> AsyncIterator["FolderStore"]:
    """The folder, if the operator opened it. Raises DoorError."""
    yield FolderStore(context.http, place.path)


class FolderStore:
    def __init__(self, door: Door, root: str) -> None:
        self._door = door
        self._root = door.folder(root)

    async def find(self, path: str) -> Entry | None:
        def look() -> Entry | None:
            target = self._inside(path)
            try:
                found = target.lstat()
            except FileNotFoundError:
                if not target.parent.is_dir():
                    raise
                return None
            return Entry(target.name, found.st_size, found.st_mtime) if S_ISREG(found.st_mode) else None

        return await _told(path, look)

    async def write(self, path: str, blocks: AsyncIterable[bytes], size: int | None = None) -> int:
        descriptor = await _told(path, lambda: self._open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
        written = 0
        try:
            async for block in blocks:
                await _told(path, partial(_write, descriptor, block))
                written += len(block)
            await _told(path, lambda: os.fsync(descriptor))
        finally:
            os.close(descriptor)
        return written

    async def rename(self, path: str, target: str) -> bool:
        def move() -> bool:
            source, wanted = self._inside(path), self._inside(target)
            try:
                # A link, then the removal of the other name: unlike a renaming, it never writes over a file.
                os.link(source, wanted, follow_symlinks=False)
            except FileExistsError:
                if not source.samefile(wanted):
                    return False
                # The same file under both names: a try that was cut between the two.
            except OSError as error:
                if error.errno not in (errno.EOPNOTSUPP, errno.EPERM, errno.EMLINK, errno.EXDEV):
                    raise
                if wanted.exists():
                    return False
                source.rename(wanted)
            with suppress(FileNotFoundError):
                source.unlink()
            for folder in {source.parent, wanted.parent}:
                _sync(folder)
            return True

        return await _told(path, move)

    async def read(self, path: str, most: int, start: int = 0) -> AsyncGenerator[bytes, None]:
        descriptor = await _told(path, lambda: self._open(path, os.O_RDONLY))
        size = 0
        try:
            await _told(path, lambda: os.lseek(descriptor, start, os.SEEK_SET))
            while block := await _told(path, lambda: os.read(descriptor, BLOCK)):
                size += len(block)
                if size > most:
                    raise too_long(most)
                yield block
        finally:
            os.close(descriptor)

    async def files(self, folder: str) -> list[Entry]:
        return await _told(folder, lambda: sorted(self._entries(folder), key=lambda each: each.name)[:MOST_ENTRIES])

    async def remove(self, path: str) -> None:
        def unlink() -> None:
            self._inside(path).unlink(missing_ok=True)

        await _told(path, unlink)

    def _entries(self, folder: str) -> Iterator[Entry]:
        with os.scandir(self._inside(folder)) as found:
            for each in found:
                if is_plain(each.name) and not each.name.startswith(".") and each.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):
                        state = each.stat(follow_symlinks=False)
                        yield Entry(each.name, state.st_size, state.st_mtime)

    def _inside(self, path: str) -> Path:
        """Links are followed in the folders only, and may not lead outside."""
        wanted = self._root / path.strip("/")
        if wanted == self._root:
            return wanted
        folder = self._door.folder(str(wanted.parent))
        if not folder.is_relative_to(self._root):
            raise DoorError("refused_address", "Ce dossier n'est pas ouvert aux connecteurs.")
        return folder / wanted.name

    def _open(self, path: str, flags: int) -> int:
        return os.open(self._inside(path), flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o660)


async def _told(path: str, work: Callable[[], T]) -> T:
    with _errors(path):
        return await asyncio.to_thread(work)


@contextmanager
def _errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, type(error).__name__)
        folder = path.strip("/").rpartition("/")[0] or path or "."
        if error.errno in FULL:
            raise StoreError("retry", stores.FULL, code) from None
        if error.errno in NOT_OURS:
            raise stores.not_allowed(folder) from None
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise stores.missing(folder) from None
        raise StoreError("retry", "Le dossier d’échange est momentanément inaccessible.", code) from None


def _write(descriptor: int, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
