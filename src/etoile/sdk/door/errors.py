"""Why no usable answer came, in words for who can mend it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from enum import StrEnum

import aiohttp

from etoile.sdk.addresses import RefusedAddress

# What OpenSSL says when the other side wants a certificate of ours, or does not take the one we have (RFC 8446, 6.2).
WANTED = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
UNSAID = "SSLV3_ALERT_HANDSHAKE_FAILURE"
REFUSED = frozenset(
    {
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "TLSV1_ALERT_UNKNOWN_CA",
        "TLSV1_ALERT_ACCESS_DENIED",
        "TLSV1_ALERT_DECRYPT_ERROR",
    }
)
INVALID = "Le certificat de l'application n'est pas valable."


class DoorErrorKind(StrEnum):
    """STATUS is for `stream` only: the answer was not a success. ACCESS: our own proof is missing, out of date or not
    taken; nothing was sent to the application. TOKEN: the service that gives tokens gave none, for now."""

    TIMEOUT = "timeout"
    REFUSED_ADDRESS = "refused_address"
    CONNECTION = "connection"
    TOO_LARGE = "too_large"
    TLS = "tls"
    STATUS = "status"
    ACCESS = "access"
    TOKEN = "token"  # noqa: S105 - the word, not a token


class DoorError(Exception):
    """No usable answer. `message` is French. `maybe_sent`: the application may have received the request.

    `after`: seconds to wait, when the other side said so.
    """

    def __init__(
        self,
        kind: DoorErrorKind | str,
        message: str,
        *,
        maybe_sent: bool = False,
        status: int | None = None,
        after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = DoorErrorKind(kind)
        self.message = message
        self.maybe_sent = maybe_sent
        self.status = status
        self.after = after


def told(error: BaseException) -> DoorError:
    """An error of the network as a DoorError."""
    causes = list(_causes(error))
    if any(isinstance(each, RefusedAddress) for each in causes):
        return DoorError("refused_address", "L'adresse est celle d'une machine du réseau interne.")
    if found := next((each for each in causes if isinstance(each, ssl.SSLError)), None):
        return _of_tls(found, error)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return DoorError("timeout", "L'application ne répond pas.")
    if isinstance(error, TimeoutError):
        return DoorError("timeout", "L'application n'a pas répondu à temps.", maybe_sent=True)
    if isinstance(error, aiohttp.InvalidURL):
        return DoorError("refused_address", "L'adresse de l'application est mal écrite.")
    before = isinstance(error, aiohttp.ClientConnectorError)
    return DoorError("connection", "L'application ne répond pas.", maybe_sent=not before)


def verification(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """Why the certificate of the other side was not believed, if that is what went wrong."""
    return next((each for each in _causes(error) if isinstance(each, ssl.SSLCertVerificationError)), None)


def _of_tls(found: ssl.SSLError, error: BaseException) -> DoorError:
    if found.reason == WANTED:
        words = "L'application demande un certificat client : réglez-le dans son authentification."
        return DoorError("access", words)
    if found.reason == UNSAID:
        words = "L'application refuse la liaison chiffrée, sans doute parce qu'elle attend un certificat client"
        return DoorError("access", f"{words} : vérifiez avec son éditeur.")
    if found.reason in REFUSED:
        words = "L'application refuse notre certificat client : vérifiez avec son éditeur lequel elle attend."
        return DoorError("access", words)
    if isinstance(error, aiohttp.ClientConnectorError):
        return DoorError("tls", INVALID)
    return DoorError("connection", "L'application ne répond pas.", maybe_sent=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it comes from. aiohttp's own are also errors of TLS, without what those say: left out."""
    cause: BaseException | None = error
    while cause is not None:
        if not isinstance(cause, aiohttp.ClientError):
            yield cause
        cause = cause.__cause__ or getattr(cause, "os_error", None) or getattr(cause, "certificate_error", None)
