"""An agent named by ProConnect is an account that exists, of the authority that employs them, and nothing more."""

import pytest

from etoile.gru.access.models import Account, Authority
from etoile.gru.audit.models import Entry
from etoile.gru.identity.agents import agent_of
from etoile.gru.identity.flow import Identity
from etoile.gru.identity.journal import proven
from etoile.gru.identity.platforms import proconnect
from etoile.gru.identity.tokens import Forged

TOWN, OTHER = "21490999900017", "21450000000019"
TOLD = {"email": "Alix.Moreau@valmont.example", "siret": TOWN, "roles": ["administrator"], "is_superuser": True}


@pytest.mark.django_db
def test_the_email_and_the_employer_together_name_an_active_account_of_this_authority():
    town, other = (Authority.objects.create(siret=siret, slug=f"t{siret}", name="Ville") for siret in (TOWN, OTHER))
    account = Account.objects.create(authority=town, email="alix.moreau@valmont.example")

    def found(authority: Authority = town, platform: str = "proconnect", **changed: object) -> Account | None:
        return agent_of(Identity(platform, "sub", "", {**TOLD, **changed}, ""), authority)

    assert found() == account
    assert not account.memberships.exists(), "a claim gives no right"
    refused = [
        found(other),
        found(other, siret=OTHER),
        found(siret=OTHER),
        found(siret=None),
        found(siret=""),
        found(email="sacha@valmont.example"),
        found(email=None),
        found(email=["alix.moreau@valmont.example"]),
        found(platform="franceconnect"),
    ]
    assert refused == [None] * len(refused)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert found() is None
    assert Account.objects.count() == 1


@pytest.mark.django_db
def test_an_answer_that_is_not_believed_leaves_a_line_in_the_name_of_the_platform():
    platform = proconnect("https://pro.example/api/v2", "town", "secret", "RS256")
    with pytest.raises(Forged):
        proven(platform, None, None, {"state": "x", "code": "y"})
    line = Entry.objects.get(action="identity.refused")
    assert (line.actor, line.account_id, line.detail) == ("ProConnect", None, {"why": "nothing was asked"})
