"""What is asked of each platform. Sources: FranceConnect v2 (February 2026) and ProConnect (May 2025), both read only.

Neither documents PKCE, and ProConnect refuses a parameter it does not know: the code is held by the secret of the
service, by `state` and by `nonce`. The directory of an authority is asked by OpenID Connect Core, with PKCE (RFC 7636).
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Of the random values, in bytes: 43 characters, above the 22 of FranceConnect and the 32 of ProConnect.
RANDOM_BYTES = 32
# Levels of eIDAS, from low to high, as the platforms write them.
LEVELS = ("eidas1", "eidas2", "eidas3")
ALGORITHMS = ("ES256", "RS256", "HS256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """`issuer`: up to `/api/v2`, without a slash at its end. `algorithm`: the only one its answers may be signed by, as
    agreed with it. `acrs`: the levels it gives, from low to high; empty, none is asked nor checked. `private_key`: PEM;
    when there is one, answers are encrypted for it besides, and refused otherwise. `asks_amr`: how the
    person proved it is asked too, by the one parameter that ProConnect documents for that. `standard`: nothing but
    OpenID Connect Core is expected of it: PKCE, claims in the `id_token` alone, whose `at_hash` it may leave out and
    whose `iat` it may set a few minutes back, no address for the logout."""

    slug: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    algorithm: str
    scope: str
    acrs: tuple[str, ...] = ()
    asks_amr: bool = False
    standard: bool = False
    private_key: str = field(default="", repr=False)

    @property
    def origin(self) -> str:
        found = urlsplit(self.issuer)
        return f"{found.scheme}://{found.netloc}"

    def from_level(self, level: str) -> tuple[str, ...]:
        """The levels it gives that are at least this one, from low to high; all of them for none."""
        return tuple(each for each in self.acrs if not level or LEVELS.index(each) >= LEVELS.index(level))

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
        scope="openid identite_pivot preferred_username email amr",
        acrs=("eidas1",),
    )


def franceconnect_plus(issuer: str, client_id: str, client_secret: str, algorithm: str, private_key: str) -> Platform:
    """Persons, at the levels `eidas2` and `eidas3`: another platform, with its own names for them."""
    return Platform(
        slug="franceconnect-plus",
        name="FranceConnect+",
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        algorithm=algorithm,
        scope="openid identite_pivot preferred_username email amr",
        acrs=("eidas2", "eidas3"),
        private_key=private_key,
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


def directory(
    issuer: str, client_id: str, client_secret: str, algorithm: str, *, scope: str = "", acrs: tuple[str, ...] = ()
) -> Platform:
    """Agents, as the directory of their authority knows them. `scope`: what is asked besides `openid profile email`."""
    return Platform(
        slug="annuaire",
        name="Annuaire",
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        algorithm=algorithm,
        scope=" ".join(dict.fromkeys(("openid profile email " + scope).split())),
        acrs=acrs,
        standard=True,
    )
