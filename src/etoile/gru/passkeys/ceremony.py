"""What WebAuthn says between the server and a key, through the browser (W3C, Web Authentication Level 2, §7).

Nothing here writes. No attestation is asked: which maker made the key is nobody's business here. A key that comes after
a password proves possession, and is asked no more. One that comes `alone` is both proofs: it knows whose it is, and has
read a finger, a face or a code before it answers (`user_verification`), which is checked.
"""

import base64
import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

LONGEST = 20_000
# What is said of an answer that is none: lists in lists without end, a public key without one of its parts.
WRONG = (WebAuthnException, ValueError, LookupError, RecursionError)
# Time to find the key and to touch it; the challenge lasts no longer on the server.
SECONDS = 5 * 60


class Refused(Exception):
    """The answer is not that of the key awaited here and now; the words are for the log."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where keys are made and answer. `origin` is compared to the letter with what the browser signed."""

    host: str
    origin: str

    @property
    def possible(self) -> bool:
        """Browsers give no key to a site without a name, nor to one they did not reach by TLS, but on this machine."""
        try:
            ipaddress.ip_address(self.host.strip("[]"))
        except ValueError:
            return self.origin.startswith("https:") or self.host == "localhost"
        return False


def here(request: HttpRequest) -> Place:
    address = request.get_host()
    return Place(address.rpartition(":")[0] if ":" in address else address, f"{request.scheme}://{address}")


def challenge() -> str:
    """32 random bytes, as base64url: to be kept by the server and answered once."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def to_create(
    place: Place, asked: str, *, owner: bytes, account: str, site: str, known: Iterable[bytes], alone: bool = False
) -> str:
    """JSON for `PublicKeyCredential.parseCreationOptionsFromJSON`. `known`: keys the holder has, not to be made twice.

    `owner` names the account to the key, without saying anything of it."""
    options = generate_registration_options(
        rp_id=place.host,
        rp_name=site,
        user_id=owner,
        user_name=account,
        user_display_name=account,
        challenge=_raw(asked),
        timeout=SECONDS * 1000,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED if alone else ResidentKeyRequirement.DISCOURAGED,
            user_verification=_verification(alone),
        ),
    )
    return options_to_json(options)


def to_ask(place: Place, asked: str, known: Iterable[bytes], *, alone: bool = False) -> str:
    """JSON for `PublicKeyCredential.parseRequestOptionsFromJSON`. None `known`: the key says whose it is."""
    options = generate_authentication_options(
        rp_id=place.host,
        challenge=_raw(asked),
        timeout=SECONDS * 1000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        user_verification=_verification(alone),
    )
    return options_to_json(options)


def created(place: Place, asked: str, answer: str, *, alone: bool = False) -> VerifiedRegistration:
    """Raises Refused."""
    try:
        return verify_registration_response(
            credential=_bounded(answer),
            expected_challenge=_raw(asked),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=alone,
        )
    except WRONG as error:
        raise Refused(str(error)) from error


def credential_of(answer: str) -> tuple[bytes, bytes]:
    """Which key says that it answers, and whose it says to be (empty when it does not know); nothing is proved yet.
    Raises Refused."""
    try:
        found = parse_authentication_credential_json(_bounded(answer))
        return found.raw_id, found.response.user_handle or b""
    except WRONG as error:
        raise Refused(str(error)) from error


def answered(
    place: Place, asked: str, answer: str, *, public_key: bytes, sign_count: int, alone: bool = False
) -> VerifiedAuthentication:
    """Raises Refused, for a counter that went back too: a copy of the key would do that."""
    try:
        return verify_authentication_response(
            credential=_bounded(answer),
            expected_challenge=_raw(asked),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=alone,
        )
    except WRONG as error:
        raise Refused(str(error)) from error


def _verification(alone: bool) -> UserVerificationRequirement:
    return UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.DISCOURAGED


def _raw(asked: str) -> bytes:
    return base64.urlsafe_b64decode(asked)


def _bounded(answer: str) -> str:
    if len(answer) > LONGEST:
        raise Refused("longer than any key answers")
    return answer
