"""What differs between the platforms: what is asked at `/authorize`, how long things live, who signs in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).with_name("fixtures")
PIVOT = ("given_name", "given_name_array", "family_name", "birthdate", "gender", "birthplace", "birthcountry")
FC_SINGLE = (
    "given_name", "family_name", "gender", "birthdate", "birthplace", "birthcountry", "preferred_username", "amr",
)  # fmt: skip
PRO_SINGLE = ("given_name", "usual_name", "email", "uid", "siret", "siren", "idp_id", "organizational_unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """`scopes`: the claims that each one opens. `acrs`: levels it knows; `acr_required`: whether one must be asked.
    `parameters`: the only ones accepted at `/authorize`, None when others are ignored. `pairwise`: another `sub` for
    each service. `pkce`: no code without (S256). `tells_in_id_token`: claims are
    there, and `at_hash` is not, as the most frugal directories do. `shortest_*`: characters. `*_seconds`: lifetimes."""

    slug: str
    name: str
    what: str
    english: str
    port: int
    scopes: Mapping[str, tuple[str, ...]]
    acrs: tuple[str, ...]
    acr_required: bool
    parameters: frozenset[str] | None
    pairwise: bool
    shortest_nonce: int
    shortest_state: int
    session_seconds: int
    logout_state_required: bool
    pkce: bool = False
    tells_in_id_token: bool = False
    code_seconds: int = 30
    token_seconds: int = 60

    def people(self) -> list[dict[str, Any]]:
        """The invented persons who may sign in: {"key": …, "shown": …, "claims": {…}}."""
        name = self.slug.partition("-")[0]
        found: list[dict[str, Any]] = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
        return found

    def claims(self, scope: str) -> set[str]:
        """The names of the claims that these scopes open, separated by spaces."""
        return {name for word in scope.split() for name in self.scopes.get(word, ())}


FRANCECONNECT = Platform(
    slug="franceconnect",
    name="FranceConnect",
    what="Le fournisseur d’identité des usagers, niveau faible (eidas1). Aucune de ces personnes n’existe.",
    english="The identity provider of citizens (FranceConnect v2, level eidas1), with invented persons.",
    port=8216,
    scopes={
        "openid": ("sub",),
        "profile": ("given_name", "given_name_array", "family_name", "birthdate", "gender", "preferred_username"),
        "birth": ("birthplace", "birthcountry"),
        "identite_pivot": PIVOT,
        "email": ("email",),
        **{name: (name,) for name in FC_SINGLE},
    },
    acrs=("eidas1",),
    acr_required=True,
    parameters=None,
    pairwise=True,
    shortest_nonce=22,
    shortest_state=1,
    session_seconds=30 * 60,
    logout_state_required=False,
)
FRANCECONNECT_PLUS = replace(
    FRANCECONNECT,
    slug="franceconnect-plus",
    name="FranceConnect+",
    what="Le fournisseur d’identité des usagers, niveaux substantiel et élevé. Aucune de ces personnes n’existe.",
    english="The identity provider of citizens at higher levels (FranceConnect+, encrypted), with invented persons.",
    port=8218,
    acrs=("eidas2", "eidas3"),
    session_seconds=10 * 60,
)
PROCONNECT = Platform(
    slug="proconnect",
    name="ProConnect",
    what="Le fournisseur d’identité des agents publics. Aucun de ces agents n’existe.",
    english="The identity provider of public agents (ProConnect), with invented agents.",
    port=8217,
    scopes={"openid": ("sub",), "phone": ("phone_number",), **{name: (name,) for name in PRO_SINGLE}},
    acrs=("eidas1", "https://proconnect.gouv.fr/assurance/certification-dirigeant"),
    acr_required=False,
    parameters=frozenset(
        {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "acr_values"}
        | {"claims", "prompt", "idp_hint", "login_hint"}
    ),
    pairwise=False,
    shortest_nonce=32,
    shortest_state=32,
    session_seconds=12 * 3600,
    logout_state_required=True,
)
DIRECTORY = Platform(
    slug="annuaire",
    name="Annuaire de la collectivité",
    what="L’annuaire des agents d’une collectivité, par OpenID Connect. Aucun de ces agents n’existe.",
    english="The directory of an authority, by OpenID Connect with PKCE, with invented agents and their groups.",
    port=8220,
    scopes={
        "openid": ("sub", "groups"),
        "profile": ("given_name", "family_name", "preferred_username"),
        "email": ("email", "email_verified"),
    },
    acrs=("1", "gold"),
    acr_required=False,
    parameters=None,
    pairwise=False,
    shortest_nonce=1,
    shortest_state=1,
    session_seconds=10 * 3600,
    logout_state_required=False,
    pkce=True,
    tells_in_id_token=True,
)
