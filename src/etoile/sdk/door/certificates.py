"""Certificates: ours, shown to an application that asks for it, and that of a server whose date has passed.

The certificate of a server is always verified. One that is out of date is read a second time, on a connection by which
nothing is asked, to say when it ended: that is what its owner needs to hear.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from etoile.sdk.door.errors import DoorError

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
# OpenSSL's X509_V_ERR_*: not yet valid, expired, and another name.
NOT_YET, EXPIRED, OTHER_NAME = 9, 10, 62
UNKNOWN = frozenset({18, 19, 20, 21})
READING_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Certificate:
    """Ours, in PEM: the certificate (with those that link it to its authority, if any) and its private key.

    `owner`: the application it is for; two applications share no connection.
    """

    chain: str = field(repr=False)
    key: str = field(repr=False)
    passphrase: str | None = field(default=None, repr=False)
    owner: str = ""

    @property
    def fingerprint(self) -> str:
        whole = "\0".join((self.owner, self.chain, self.key, self.passphrase or ""))
        return hashlib.sha256(whole.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate of ours, read: the context of its connections, and between which moments it is good."""

    context: ssl.SSLContext
    begins: datetime
    ends: datetime

    def verify(self, now: datetime) -> None:
        """DoorError, before anything is asked, when its time has not come or has passed."""
        if now > self.ends:
            words = f"Notre certificat client a expiré le {day(self.ends)} : demandez-en un nouveau à l'éditeur de"
            raise DoorError("access", f"{words} l'application, puis remplacez les secrets du certificat et de sa clé.")
        if now < self.begins:
            words = f"Notre certificat client n'est valable qu'à partir du {day(self.begins)} : attendez cette date"
            raise DoorError("access", f"{words}, ou remettez le certificat précédent.")


def read(certificate: Certificate, authorities: str | None = None) -> Shown:
    """DoorError, in words for who keeps the secrets, when it cannot be used."""
    try:
        first, *_ = x509.load_pem_x509_certificates(certificate.chain.encode())
    except ValueError:
        words = "Le secret du certificat client n'en contient pas : il commence par « -----BEGIN CERTIFICATE----- »."
        raise DoorError("access", words) from None
    key = _key(certificate)
    if key.public_key() != first.public_key():
        raise DoorError("access", "La clé privée ne va pas avec le certificat client : ils se remplacent ensemble.")
    context = trusting(authorities)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _load(context, certificate.chain.encode() + b"\n" + pem)
    return Shown(context, first.not_valid_before_utc, first.not_valid_after_utc)


def trusting(authorities: str | None = None) -> ssl.SSLContext:
    """A context that verifies, by the machine's authorities and those of `authorities` (PEM)."""
    context = ssl.create_default_context()
    if authorities:
        context.load_verify_locations(cadata=authorities)
    return context


async def explained(
    found: ssl.SSLCertVerificationError, host: str, connect: Callable[[], Awaitable[socket.socket]]
) -> DoorError:
    """Why the certificate of `host` was not believed. `connect` opens a connection to it, to read its date."""
    name = f"Le certificat de « {host} »"
    if found.verify_code in (NOT_YET, EXPIRED):
        return DoorError("tls", await _dated(name, host, found.verify_code == EXPIRED, connect))
    if found.verify_code == OTHER_NAME:
        words = f"{name} n'est pas à ce nom : vérifiez l'adresse, ou demandez à l'éditeur le bon certificat."
        return DoorError("tls", words)
    if found.verify_code in UNKNOWN:
        words = f"{name} n'est pas signé par une autorité que ce serveur connaît : demandez à l'éditeur un certificat"
        return DoorError("tls", f"{words} public, ou faites ajouter son autorité à celles de la machine du hub.")
    return DoorError("tls", f"{name} n'est pas valable : demandez à son éditeur de le vérifier.")


def day(moment: datetime) -> str:
    """A date as it is said: « 1er mars 2026 »."""
    return f"{'1er' if moment.day == 1 else moment.day} {MONTHS[moment.month - 1]} {moment.year}"


async def _dated(name: str, host: str, expired: bool, connect: Callable[[], Awaitable[socket.socket]]) -> str:
    read = await _peer(host, connect)
    now = datetime.now(UTC)
    renew = "demandez à son éditeur ou à son hébergeur de le renouveler ; les envois reprendront d'eux-mêmes."
    if read is None or read.not_valid_before_utc <= now <= read.not_valid_after_utc:
        # The date of another one on the way to its authority: the server sends them together.
        since = "a expiré" if expired else "n'est pas encore valable"
        return f"{name}, ou l'un de ceux qui l'accompagnent, {since} : {renew}"
    if expired:
        return f"{name} a expiré le {day(read.not_valid_after_utc)} : {renew}"
    begins = day(read.not_valid_before_utc)
    return f"{name} n'est valable qu'à partir du {begins} : vérifiez l'heure de la machine du hub, ou {renew}"


async def _peer(host: str, connect: Callable[[], Awaitable[socket.socket]]) -> x509.Certificate | None:
    """The certificate that a server shows; nothing is sent to it. None when it cannot be read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(READING_SECONDS):
            connection = await connect()
            try:
                _, writer = await asyncio.open_connection(sock=connection, ssl=context, server_hostname=host)
            except BaseException:
                connection.close()
                raise
            shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            writer.transport.abort()
        return x509.load_der_x509_certificate(shown)
    except (OSError, ValueError, TypeError):
        return None


def _key(certificate: Certificate) -> Any:
    passphrase = certificate.passphrase.encode() if certificate.passphrase else None
    try:
        return load_pem_private_key(certificate.key.encode(), passphrase)
    except TypeError:
        words = (
            "n'est pas protégée par un mot de passe : retirez-le"
            if passphrase
            else "est protégée : il faut son mot de passe"
        )
        raise DoorError("access", f"La clé privée du certificat client {words} dans son authentification.") from None
    except ValueError:
        words = (
            "Le secret de la clé privée du certificat client n'est pas lisible, ou son mot de passe n'est pas le bon"
        )
        raise DoorError("access", f"{words} : une clé commence par « -----BEGIN PRIVATE KEY----- ».") from None


def _load(context: ssl.SSLContext, pem: bytes) -> None:
    # OpenSSL reads a file; this one is only in memory, and goes with its descriptor.
    descriptor = os.memfd_create("certificate", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, pem)
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")
    except ssl.SSLError:
        raise DoorError("access", "Le certificat client n'est pas utilisable : demandez-en un autre.") from None
    finally:
        os.close(descriptor)
