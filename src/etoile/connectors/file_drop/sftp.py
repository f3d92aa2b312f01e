"""The place of exchange is an SFTP server: the key of the server is always checked, weak algorithms are not spoken."""

import asyncio
import stat
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar, cast

import asyncssh

from etoile.connectors.file_drop import stores
from etoile.connectors.file_drop.places import PrivateKey, Sftp
from etoile.connectors.file_drop.stores import BLOCK, MOST_ENTRIES, Entry, NotLetIn, StoreError, is_plain, too_long
from etoile.sdk import Context, DoorError, access

T = TypeVar("T")
CONNECT_TIMEOUT = 5.0
# Recommendations of the ANSSI for OpenSSH, and what RFC 9142 keeps: no SHA-1, no CBC, no group below 3072 bits.
KEX = (
    "mlkem768x25519-sha256",
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp521",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp256",
    "diffie-hellman-group18-sha512",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group15-sha512",
)
CIPHERS = (
    "chacha20-poly1305@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-gcm@openssh.com",
    "aes256-ctr",
    "aes192-ctr",
    "aes128-ctr",
)
MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512")
HOST_KEYS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
NO_SPACE = (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded)
MISSING = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPNotADirectory)
REFUSED = (asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect, asyncssh.SFTPCannotDelete)


class KnownServer(asyncssh.SSHClient):
    """Accepts the server whose key was written in the settings, and no other.

    `presented`: the key it showed; `expired`: it says that the password has.
    """

    def __init__(self, expected: frozenset[str]) -> None:
        self._expected = expected
        self.presented = ""
        self.expired = False

    def password_change_requested(self, prompt: str, lang: str) -> Any:
        self.expired = True
        return NotImplemented  # the hub never changes a password by itself

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self.presented = key.get_fingerprint()
        return self.presented in self._expected


@asynccontextmanager
async def opened(place: Sftp, context: Context, timeout: float) -> AsyncIterator["SftpStore"]:
    """A session of SFTP for one call. Raises DoorError or StoreError."""
    proof = _proof(place, context)
    server = KnownServer(frozenset(place.host_keys))
    socket = await context.http.connect(place.host, place.port, timeout=min(CONNECT_TIMEOUT, timeout))
    try:
        async with asyncio.timeout(timeout):
            connection = await asyncssh.connect(
                place.host,
                place.port,
                sock=socket,
                client_factory=lambda: server,
                # Nothing of the machine's account is read: neither its keys, nor its agent, nor its configuration.
                config=None,
                agent_path=None,
                known_hosts=([], [], []),
                x509_trusted_certs=None,
                gss_host=None,
                username=place.username,
                server_host_key_algs=HOST_KEYS,
                kex_algs=KEX,
                encryption_algs=CIPHERS,
                mac_algs=MACS,
                compression_algs=["none"],
                keepalive_interval=15,
                login_timeout=timeout,
                **proof,
            )
    except (asyncssh.Error, OSError, ValueError) as error:
        raise _not_opened(error, place, server) from None
    finally:
        if socket.fileno() != -1 and not server.presented:
            socket.close()
    try:
        async with asyncio.timeout(timeout):
            client = await connection.start_sftp_client()
        yield SftpStore(client, timeout)
    except (asyncssh.Error, OSError) as error:
        raise _told("", error) from None
    finally:
        connection.abort()
        with suppress(Exception):
            await connection.wait_closed()


def _proof(place: Sftp, context: Context) -> dict[str, Any]:
    """How we prove who we are. DoorError when a secret is missing, NotLetIn when it is unreadable."""
    known = place.authentication
    secret = access.secret(context, known.secret)
    if not isinstance(known, PrivateKey):
        # In this order: only the first can say that a password has expired.
        return {"password": secret, "client_keys": None, "preferred_auth": "password,keyboard-interactive"}
    try:
        passphrase = access.secret(context, known.passphrase_secret) if known.passphrase_secret else None
        key = asyncssh.import_private_key(secret, passphrase)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
        words = (
            f"Le secret « {known.secret} » n’est pas une clé privée lisible, ou sa phrase secrète n’est pas la bonne. "
            "Enregistrez la clé entière, avec ses lignes BEGIN et END."
        )
        raise NotLetIn(words, "unreadable key") from None
    return {"client_keys": [key], "preferred_auth": "publickey"}


def _not_opened(error: Exception, place: Sftp, server: KnownServer) -> Exception:
    name, address = type(error).__name__, f"{place.host}:{place.port}"
    if isinstance(error, asyncssh.PermissionDenied):
        return NotLetIn(_not_let_in(place, server), name)
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return NotLetIn(_not_known(place, server.presented), name)
    if isinstance(error, asyncssh.KeyExchangeFailed):
        words = (
            f"Le serveur « {address} » ne propose aucun chiffrement sûr que le hub connaisse, rien n’a été envoyé : "
            "demandez à qui l’exploite de le mettre à jour."
        )
        return StoreError("configuration", words, name)
    if isinstance(error, TimeoutError):
        return DoorError("timeout", "L'application n'a pas répondu à temps.")
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return StoreError("configuration", "Les réglages de l’accès SFTP ne sont pas lisibles.", name)
    return DoorError("connection", "L'application ne répond pas.")


def _not_let_in(place: Sftp, server: KnownServer) -> str:
    secret, who = place.authentication.secret, f"l’identifiant « {place.username} »"
    if server.expired:
        return (
            f"Le mot de passe de {who} a expiré sur le serveur : faites-le renouveler par qui l’exploite, puis "
            f"enregistrez le nouveau dans le secret « {secret} »."
        )
    held = "la clé" if isinstance(place.authentication, PrivateKey) else "le mot de passe"
    return (
        f"Le serveur refuse {who} : {held} du secret « {secret} » n’est pas ou n’est plus bon, ou le compte est fermé. "
        "Demandez à qui l’exploite, puis corrigez le secret ou « username »."
    )


def _not_known(place: Sftp, presented: str) -> str:
    """The two prints, side by side: whoever telephones the vendor reads them aloud."""
    address = f"{place.host}:{place.port}"
    if not place.host_keys:
        return (
            f"Aucune clé de serveur n’est réglée, rien n’a été envoyé. Le serveur « {address} » présente {presented} : "
            "faites confirmer cette empreinte par l’éditeur, de vive voix, puis mettez-la dans « host_keys »."
        )
    expected = " ou ".join(place.host_keys)
    return (
        f"Le serveur « {address} » ne présente pas la clé attendue, rien ne lui a été envoyé. Attendue : {expected}. "
        f"Reçue : {presented}. Appelez l’éditeur à un numéro que vous connaissez : s’il a changé de clé, mettez la "
        "nouvelle dans « host_keys » ; sinon, quelqu’un se fait passer pour lui."
    )


class SftpStore:
    def __init__(self, client: asyncssh.SFTPClient, timeout: float) -> None:
        self._client = client
        self._timeout = timeout

    async def find(self, path: str) -> Entry | None:
        try:
            found = await asyncio.wait_for(self._client.lstat(path), self._timeout)
        except MISSING:
            folder = path.rpartition("/")[0]
            if folder:
                await self._run(folder + "/", self._client.lstat(folder))
            return None
        except (asyncssh.Error, OSError) as error:
            raise _told(path, error) from None
        return _entry(path.rpartition("/")[2], found)

    async def write(self, path: str, blocks: AsyncIterable[bytes], size: int | None = None) -> int:
        file = await self._run(path, self._client.open(path, "wb"))
        written = 0
        try:
            async for block in blocks:
                for start in range(0, len(block), BLOCK):
                    await self._run(path, file.write(block[start : start + BLOCK]))
                written += len(block)
            with suppress(asyncssh.SFTPOpUnsupported):
                await asyncio.wait_for(file.fsync(), self._timeout)
            await self._run(path, file.close())
        except (asyncssh.Error, OSError) as error:
            raise _told(path, error) from None
        finally:
            with suppress(Exception):
                await asyncio.wait_for(file.close(), self._timeout)
        return written

    async def rename(self, path: str, target: str) -> bool:
        if await self.find(target) is not None:
            return False
        try:
            await asyncio.wait_for(self._client.rename(path, target), self._timeout)
        except (asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists, asyncssh.SFTPOpUnsupported) as error:
            # This version of SFTP has one word for "the name is taken" and for all the rest.
            if await self.find(target) is not None:
                return False
            raise StoreError("configuration", stores.NO_RENAMING, type(error).__name__) from None
        except (asyncssh.Error, OSError) as error:
            raise _told(target, error) from None
        return True

    async def read(self, path: str, most: int, start: int = 0) -> AsyncGenerator[bytes, None]:
        file = await self._run(path, self._client.open(path, "rb"))
        size = 0
        try:
            while block := cast(bytes, await self._run(path, file.read(BLOCK, start + size))):
                size += len(block)
                if size > most:
                    raise too_long(most)
                yield block
        finally:
            with suppress(Exception):
                await asyncio.wait_for(file.close(), self._timeout)

    async def files(self, folder: str) -> list[Entry]:
        return sorted(await self._run(f"{folder}/", self._listed(folder or ".")), key=lambda each: each.name)

    async def remove(self, path: str) -> None:
        with suppress(*MISSING):
            try:
                await asyncio.wait_for(self._client.remove(path), self._timeout)
            except MISSING:
                raise
            except (asyncssh.Error, OSError) as error:
                raise _told(path, error) from None

    async def _listed(self, folder: str) -> list[Entry]:
        found: list[Entry] = []
        async for each in self._client.scandir(folder):
            name = each.filename if isinstance(each.filename, str) else each.filename.decode("utf-8", "replace")
            entry = _entry(name, each.attrs)
            if entry is not None and is_plain(name) and not name.startswith("."):
                found.append(entry)
            if len(found) == MOST_ENTRIES:
                break
        return found

    async def _run(self, path: str, work: Awaitable[T]) -> T:
        try:
            return await asyncio.wait_for(work, self._timeout)
        except (asyncssh.Error, OSError) as error:
            raise _told(path, error) from None


def _entry(name: str, attributes: asyncssh.SFTPAttrs) -> Entry | None:
    """None for what is not a plain file: a folder, a link."""
    if attributes.permissions is not None and stat.S_IFMT(attributes.permissions) not in (0, stat.S_IFREG):
        return None
    return Entry(name, attributes.size or 0, float(attributes.mtime or 0))


def _told(path: str, error: Exception) -> Exception:
    folder, name = path.rpartition("/")[0] or ".", type(error).__name__
    if isinstance(error, NO_SPACE):
        return StoreError("retry", stores.FULL, name)
    if isinstance(error, REFUSED):
        return stores.not_allowed(folder)
    if isinstance(error, MISSING):
        return stores.missing(folder)
    if isinstance(error, asyncssh.SFTPFailure):
        # This version of SFTP has no other word for a full disk.
        words = (
            "Le serveur n’a pas pu traiter le fichier : son disque est peut-être plein. Le hub réessaie de lui-même."
        )
        return StoreError("retry", words, name)
    if isinstance(error, TimeoutError):
        return DoorError("timeout", "L'application n'a pas répondu à temps.", maybe_sent=True)
    return StoreError("retry", stores.CUT, name)
