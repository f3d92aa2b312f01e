"""What `etoile double franceconnect`, `franceconnect-plus`, `proconnect` and `annuaire` start."""

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto.jwk import JWK

from etoile.doubles.identity.platforms import DIRECTORY, FIXTURES, FRANCECONNECT_PLUS, Platform
from etoile.doubles.identity.provider import KINDS, PREFIX, Client, Provider
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.testing import serve

CLIENT_ID = "etoile-simulated"
CLIENT_SECRET = "a-secret-of-the-simulated-identity-provider-without-worth"  # noqa: S105 of a simulated system
# Where the GRU of this machine is, unless the environment says otherwise.
GRU = ("http://localhost:8000", "http://127.0.0.1:8000")
PUBLIC_URL = "GRU_PUBLIC_URL"
ALGORITHM = {"franceconnect": "ES256", "franceconnect-plus": "ES256", "proconnect": "RS256", "annuaire": "RS256"}
# What the simulated directory belongs to, and what its groups give there.
TOWN, ROLES = "21490999900017", FIXTURES / "annuaire-roles.yaml"


def known(platform: Platform) -> Client:
    """The GRU of this machine, as its town would register it."""
    addresses = dict.fromkeys((*GRU, os.environ.get(PUBLIC_URL, GRU[0]).rstrip("/")))
    return Client(
        CLIENT_ID,
        CLIENT_SECRET,
        redirects=tuple(f"{address}/identite/{platform.slug}/retour/" for address in addresses),
        after_logout=tuple(f"{address}/identite/{platform.slug}/fin/" for address in addresses),
        algorithm=ALGORITHM[platform.slug],
        encrypted_for=JWK.from_pem(private_key().encode()) if platform is FRANCECONNECT_PLUS else None,
    )


@asynccontextmanager
async def standing(platform: Platform, place: Place) -> AsyncIterator[Standing]:
    provider = Provider(platform, known(platform))
    with serve(provider.faults, host=place.host, port=place.port) as address:
        says = {"page": f"{address}/", "issuer": f"{address}{PREFIX}", "client": CLIENT_ID, "secret": CLIENT_SECRET}
        yield Standing(provider.faults, says)


def settings(platform: Platform) -> dict[str, str]:
    """The variables by which a GRU started beside signs in by it; `{address}` is where the double is."""
    name = "GRU_DIRECTORY" if platform is DIRECTORY else f"GRU_{platform.slug.upper().replace('-', '_')}"
    found = {
        f"{name}_URL": f"{{address}}{PREFIX}",
        f"{name}_CLIENT_ID": CLIENT_ID,
        f"{name}_CLIENT_SECRET": CLIENT_SECRET,
    }
    if platform is DIRECTORY:
        found |= {f"{name}_AUTHORITY": TOWN, f"{name}_ROLES": str(ROLES), f"{name}_SECOND_FACTOR": "amr:mfa"}
    return found | ({f"{name}_KEY": private_key()} if platform is FRANCECONNECT_PLUS else {})


def private_key() -> str:
    """The key for which the simulated platform encrypts, in PEM: made from a known number, on purpose."""
    number = int.from_bytes(hashlib.sha256(CLIENT_SECRET.encode()).digest()) >> 1
    pair = ec.derive_private_key(number, ec.SECP256R1())
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return pair.private_bytes(kind, form, serialization.NoEncryption()).decode()


def double(platform: Platform) -> Double:
    return Double(
        name=platform.slug,
        french=platform.what,
        english=platform.english,
        speaks="OpenID Connect",
        kinds=KINDS,
        port=platform.port,
        open=partial(standing, platform),
        settings=settings(platform),
    )
