"""The variables of the platforms, for the settings of the GRU. None given: no page speaks of them."""

from dataclasses import dataclass
from pathlib import Path

from etoile.gru.identity.directories import Directory, Line, read
from etoile.gru.identity.platforms import (
    ALGORITHMS,
    Platform,
    directory,
    franceconnect,
    franceconnect_plus,
    proconnect,
)
from etoile.runtime.settings import Environment

MAKERS = {"FRANCECONNECT": franceconnect, "PROCONNECT": proconnect}
WHO = {
    "FRANCECONNECT": "persons",
    "FRANCECONNECT_PLUS": "persons at a higher level",
    "PROCONNECT": "agents",
    "DIRECTORY": "the agents of one authority",
}
# What each signs with unless it was agreed otherwise: FranceConnect by the server's code, ProConnect by its pages.
USUAL = {"FRANCECONNECT": "ES256", "FRANCECONNECT_PLUS": "ES256", "PROCONNECT": "RS256", "DIRECTORY": "RS256"}
WHERE = {"DIRECTORY": "before /.well-known/openid-configuration"}
PUBLIC_ALGORITHMS = ("RS256", "ES256")
SHORTEST_TOKEN = 32


@dataclass(frozen=True, slots=True)
class Identities:
    """The platforms in use. `trusts_factor`: the second factor told by ProConnect is enough. `cookie`: how the names
    of those of the attempts begin."""

    franceconnect: Platform | None = None
    franceconnect_plus: Platform | None = None
    proconnect: Platform | None = None
    directory: Directory | None = None
    trusts_factor: bool = False
    cookie: str = "gru_identity"

    @property
    def persons(self) -> tuple[Platform, ...]:
        """Those by which persons sign in, from the lowest level to the highest."""
        return tuple(each for each in (self.franceconnect, self.franceconnect_plus) if each is not None)

    @property
    def origins(self) -> list[str]:
        """Where a form of ours may lead by a redirection: the browser asks the policy of the page about each step."""
        agents = (self.proconnect, self.directory.platform if self.directory else None)
        return sorted({each.origin for each in (*self.persons, *agents) if each is not None})

    def directory_of(self, siret: str) -> Directory | None:
        """That of this authority; another's is none of its own."""
        return self.directory if self.directory is not None and self.directory.siret == siret else None


def declared(env: Environment) -> Identities:
    return Identities(
        franceconnect=_platform(env, "FRANCECONNECT", "FranceConnect"),
        franceconnect_plus=_plus(env),
        proconnect=_platform(env, "PROCONNECT", "ProConnect"),
        directory=_directory(env),
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
        help=f"Where {named} is, {WHERE.get(name, 'up to /api/v2')}, for the sign-in of {WHO[name]}"
        " (docs/identity.md). Empty: not offered.",
    )
    client_id = env.text(f"GRU_{name}_CLIENT_ID", default="", help=f"What {named} calls this installation.")
    secret = env.password(f"GRU_{name}_CLIENT_SECRET", help=f"The secret {named} gave this installation.")
    algorithm = env.choice(
        f"GRU_{name}_ALGORITHM",
        choices=PUBLIC_ALGORITHMS if name == "DIRECTORY" else ALGORITHMS,
        default=USUAL[name],
        help=f"The only algorithm by which {named} signs its answers, as agreed with it.",
    )
    if not issuer:
        return None
    if not client_id or not secret:
        env.problems.append(f"GRU_{name}_URL needs GRU_{name}_CLIENT_ID and GRU_{name}_CLIENT_SECRET.")
    return issuer, client_id, secret, algorithm


def _directory(env: Environment) -> Directory | None:
    siret = env.text("GRU_DIRECTORY_AUTHORITY", default="", help="SIRET of the authority whose directory it is.")
    scope = env.words("GRU_DIRECTORY_SCOPES", help="Asked of the directory besides openid, profile and email.")
    acrs = env.words(
        "GRU_DIRECTORY_ACR",
        help="Levels (`acr`) that the directory may answer with: the first is asked, others are refused. Empty: none.",
    )
    email = env.text("GRU_DIRECTORY_EMAIL", default="email", help="The claim of the id_token with the work e-mail.")
    groups = env.text("GRU_DIRECTORY_GROUPS", default="groups", help="The claim of the id_token with the groups.")
    factors = env.words(
        "GRU_DIRECTORY_SECOND_FACTOR",
        help="What in the id_token tells that the directory asked for two factors, such as amr:mfa or acr:gold: the GRU"
        " then asks for no code of its own. Empty: it always asks.",
    )
    lines = _lines(env)
    token = env.password(
        "GRU_DIRECTORY_SCIM_TOKEN",
        help="What the directory shows to tell who is still there, at /scim/v2 (docs/identity.md): 32 characters or"
        " more. Empty: those addresses answer nothing.",
    )
    given = _given(env, "DIRECTORY", "the directory")
    if given is None:
        return None
    if len(siret) != 14 or not siret.isdecimal():
        env.problems.append("GRU_DIRECTORY_URL needs GRU_DIRECTORY_AUTHORITY, a SIRET of 14 digits.")
    if any(each.partition(":")[0] not in ("amr", "acr") or not each.partition(":")[2] for each in factors):
        env.problems.append("GRU_DIRECTORY_SECOND_FACTOR is a list of amr:VALUE or acr:VALUE.")
    if token and len(token) < SHORTEST_TOKEN:
        env.problems.append(f"GRU_DIRECTORY_SCIM_TOKEN has less than {SHORTEST_TOKEN} characters.")
    platform = directory(*given, scope=" ".join(scope), acrs=acrs)
    return Directory(
        siret=siret, platform=platform, email=email, groups=groups, lines=lines, factors=factors, token=token
    )


def _lines(env: Environment) -> tuple[Line, ...]:
    file = env.text(
        "GRU_DIRECTORY_ROLES",
        default="",
        help="A YAML file: what role in what team each group of the directory gives (docs/identity.md). Empty: the"
        " directory makes no account and gives no role.",
    )
    try:
        return read(Path(file)) if file else ()
    except ValueError as problem:
        env.problems.append(f"GRU_DIRECTORY_ROLES: {problem}.")
        return ()
