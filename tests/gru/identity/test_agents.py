"""An agent named by ProConnect is an account that exists, of the authority that employs them, and nothing more."""

from dataclasses import replace

import pytest
from django.core.cache import cache

from etoile.gru.access.models import Account, Authority
from etoile.gru.audit import pace
from etoile.gru.audit.models import Entry
from etoile.gru.identity.agents import Unmatched, agent_of, unlink
from etoile.gru.identity.flow import Identity
from etoile.gru.identity.journal import proven
from etoile.gru.identity.platforms import proconnect
from etoile.gru.identity.tokens import Forged

TOWN, OTHER = "21490999900017", "21450000000019"
TOLD = {"email": "Alix.Moreau@valmont.example", "siret": TOWN, "roles": ["administrator"], "is_superuser": True}
PLATFORM = proconnect("https://pro.example/api/v2", "town", "secret", "RS256")
WHO = Identity("proconnect", "sub-of-alix", "", TOLD, "")


def told(**changed: object) -> Identity:
    return replace(WHO, claims={**TOLD, **changed})


@pytest.mark.django_db
def test_the_employer_and_the_email_then_the_identity_itself_name_an_active_account_of_this_authority():
    cache.clear()
    town, other = (Authority.objects.create(siret=siret, slug=f"t{siret}", name="Ville") for siret in (TOWN, OTHER))
    account = Account.objects.create(authority=town, email="alix.moreau@valmont.example")

    def refused(identity: Identity, authority: Authority = town) -> str:
        with pytest.raises(Unmatched) as found:
            agent_of(PLATFORM, identity, authority)
        return found.value.why

    tries = [
        (refused(WHO, other), "employer"),
        (refused(told(siret=OTHER), other), "unknown"),
        (refused(told(siret=OTHER)), "employer"),
        (refused(told(siret=None)), "claims"),
        (refused(told(siret="")), "employer"),
        (refused(told(email="sacha@valmont.example")), "unknown"),
        (refused(told(email=None)), "claims"),
        (refused(told(email=["alix.moreau@valmont.example"])), "claims"),
        (refused(replace(WHO, platform="franceconnect")), "claims"),
    ]
    assert [found for found, _ in tries] == [expected for _, expected in tries]
    assert Entry.objects.filter(action="identity.refused").count() == len(tries)
    assert agent_of(PLATFORM, WHO, town) == account
    assert not account.memberships.exists(), "a claim gives no right"
    # From now on it is this identity, whatever its e-mail becomes, and no other.
    assert agent_of(PLATFORM, told(email="alix.martin@valmont.example"), town) == account
    namesake = replace(WHO, subject="sub-of-a-namesake")
    assert refused(namesake) == "other"
    assert refused(told(siret=OTHER)) == "employer"
    colleague = Account.objects.create(authority=town, email="sacha@valmont.example")
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert refused(WHO) == "closed"
    assert refused(told(email="sacha@valmont.example")) == "closed"
    Account.objects.filter(pk=account.pk).update(is_active=True)
    assert unlink(account, by=colleague)
    assert not unlink(account, by=colleague)
    assert agent_of(PLATFORM, namesake, town) == account
    assert Account.objects.count() == 2
    lines = list(Entry.objects.filter(action__in=("identity.linked", "identity.unlinked")).order_by("pk"))
    assert [line.action.partition(".")[2] for line in lines] == ["linked", "unlinked", "linked"]


@pytest.mark.django_db
def test_an_answer_that_is_not_believed_leaves_a_line_in_the_name_of_the_platform_up_to_a_number(monkeypatch):
    cache.clear()
    monkeypatch.setattr(pace, "MOST_LINES", 3)
    for _ in range(5):
        with pytest.raises(Forged):
            proven(PLATFORM, None, None, {"state": "x", "code": "y"})
    lines = Entry.objects.filter(action="identity.refused")
    assert lines.count() == 3
    assert (lines[0].actor, lines[0].account_id, lines[0].detail) == ("ProConnect", None, {"why": "nothing was asked"})
