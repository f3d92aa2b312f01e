"""What is asked of each platform. Sources: FranceConnect v2 (February 2026) and ProConnect (May 2025), both read only.

Neither documents PKCE, and ProConnect refuses a parameter it does not know: the code is held by the secret of the
service, by `state` and by `nonce`.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

# Of the random values, in bytes: 43 characters, above the 22 of FranceConnect and the 32 of ProConnect.
RANDOM_BYTES = 32
ALGORITHMS = ("ES256", "RS256", "HS256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """`issuer`: up to `/api/v2`, without a slash at its end. `algorithm`: the only one its answers may be signed by, as
    agreed with it. `acrs`: the levels asked, each good enough; empty, none is asked nor checked. `asks_amr`: how the
    person proved it is asked too, by the one parameter that ProConnect documents for that."""

    slug: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    algorithm: str
    scope: str
    acrs: tuple[str, ...] = ()
    asks_amr: bool = False

    @property
    def origin(self) -> str:
        found = urlsplit(self.issuer)
        return f"{found.scheme}://{found.netloc}"

    # For the audit log: a refusal is written in the name of the platform, which has no account.
    @property
    def pk(self) -> None:
        return None

    def __str__(self) -> str:
        return self.name


def franceconnect(issuer: str, client_id: str, client_secret: str, algorithm: str) -> Platform:
    """Persons, at the low level (`eidas1`)."""
    return Platform(
        slug="franceconnect",
        name="FranceConnect",
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        algorithm=algorithm,
        scope="openid identite_pivot preferred_username email",
        acrs=("eidas1",),
    )


def proconnect(issuer: str, client_id: str, client_secret: str, algorithm: str) -> Platform:
    """Agents of the authority, of its CCAS, of its delegates."""
    return Platform(
        slug="proconnect",
        name="ProConnect",
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        algorithm=algorithm,
        scope="openid given_name usual_name email uid siret",
        asks_amr=True,
    )
