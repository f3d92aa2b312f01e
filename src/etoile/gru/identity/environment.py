"""The variables of the platforms, for the settings of the GRU. None given: no page speaks of them."""

from dataclasses import dataclass

from etoile.gru.identity.platforms import ALGORITHMS, Platform, franceconnect, franceconnect_plus, proconnect
from etoile.runtime.settings import Environment

MAKERS = {"FRANCECONNECT": franceconnect, "PROCONNECT": proconnect}
WHO = {"FRANCECONNECT": "persons", "FRANCECONNECT_PLUS": "persons at a higher level", "PROCONNECT": "agents"}
# What each signs with unless it was agreed otherwise: FranceConnect by the server's code, ProConnect by its pages.
USUAL = {"FRANCECONNECT": "ES256", "FRANCECONNECT_PLUS": "ES256", "PROCONNECT": "RS256"}


@dataclass(frozen=True, slots=True)
class Identities:
    """The platforms in use. `trusts_factor`: the second factor told by ProConnect is enough. `cookie`: how the names
    of those of the attempts begin."""

    franceconnect: Platform | None = None
    franceconnect_plus: Platform | None = None
    proconnect: Platform | None = None
    trusts_factor: bool = False
    cookie: str = "gru_identity"

    @property
    def persons(self) -> tuple[Platform, ...]:
        """Those by which persons sign in, from the lowest level to the highest."""
        return tuple(each for each in (self.franceconnect, self.franceconnect_plus) if each is not None)

    @property
    def origins(self) -> list[str]:
        """Where a form of ours may lead by a redirection: the browser asks the policy of the page about each step."""
        return sorted({each.origin for each in (*self.persons, self.proconnect) if each is not None})


def declared(env: Environment) -> Identities:
    return Identities(
        franceconnect=_platform(env, "FRANCECONNECT", "FranceConnect"),
        franceconnect_plus=_plus(env),
        proconnect=_platform(env, "PROCONNECT", "ProConnect"),
        trusts_factor=env.flag(
            "GRU_PROCONNECT_SECOND_FACTOR",
            default=False,
            help="True if the second factor that ProConnect tells of (`amr` has `mfa`) is enough for agents: the GRU"
            " then asks for no code of its own. False: it always asks.",
        ),
        cookie=f"{'__Host-' if env.production else ''}gru_identity",
    )


def _plus(env: Environment) -> Platform | None:
    key = env.password(
        "GRU_FRANCECONNECT_PLUS_KEY",
        help="The private key (PEM) for whose public half FranceConnect+ encrypts its answers; as a file by"
        " GRU_FRANCECONNECT_PLUS_KEY_FILE.",
    )
    given = _given(env, "FRANCECONNECT_PLUS", "FranceConnect+")
    if given is None:
        return None
    if not key:
        env.problems.append("GRU_FRANCECONNECT_PLUS_URL needs GRU_FRANCECONNECT_PLUS_KEY.")
    return franceconnect_plus(*given, private_key=key)


def _platform(env: Environment, name: str, named: str) -> Platform | None:
    given = _given(env, name, named)
    return MAKERS[name](*given) if given is not None else None


def _given(env: Environment, name: str, named: str) -> tuple[str, str, str, str] | None:
    issuer = env.url(
        f"GRU_{name}_URL",
        default="",
        help=f"Where {named} is, up to /api/v2, for the sign-in of {WHO[name]} (docs/identity.md). Empty: not offered.",
    )
    client_id = env.text(f"GRU_{name}_CLIENT_ID", default="", help=f"What {named} calls this installation.")
    secret = env.password(f"GRU_{name}_CLIENT_SECRET", help=f"The secret {named} gave this installation.")
    algorithm = env.choice(
        f"GRU_{name}_ALGORITHM",
        choices=ALGORITHMS,
        default=USUAL[name],
        help=f"The only algorithm by which {named} signs its answers, as agreed with it.",
    )
    if not issuer:
        return None
    if not client_id or not secret:
        env.problems.append(f"GRU_{name}_URL needs GRU_{name}_CLIENT_ID and GRU_{name}_CLIENT_SECRET.")
    return issuer, client_id, secret, algorithm
