"""The decision on line in the place of a registered letter: agreed to, announced, opened by its person and dated."""

import pytest

from etoile.gru.cases import actors, notification, services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, History
from etoile.gru.cases.queries import chain_is_whole
from etoile.gru.cases.states import State
from etoile.gru.notices.models import Notice
from etoile.gru.notices.wording import say

REASONS = "La voie est privée."


@pytest.fixture
def decide(case, agent):
    return lambda: services.decide(case.id, agent, outcome=State.REFUSED, reasons=REASONS)


def verbs():
    return list(History.objects.filter(verb__in=notification._VERBS).order_by("number").values_list("verb", flat=True))


@pytest.mark.exigence("CRPA-20")
def test_whoever_agreed_opens_the_decision_by_a_button_and_that_moment_is_kept_once(client, case, decide):
    here = f"/suivi/{case.tracking_key}/"
    assert "Recevoir la décision en ligne" in client.get(here).content.decode()
    for _twice in range(2):
        assert client.post(f"{here}notification/", {"agrees": "yes"})["Location"] == here
    decision = decide()
    page = client.get(here).content.decode()
    assert REASONS not in page and "Ouvrir la décision" in page
    assert client.get(f"{here}papiers/decision-1.pdf")["Location"] == f"{here}#decision-1"
    assert client.get(f"{here}decision/1/").status_code == 405, "a robot that follows links has opened nothing"
    for _twice in range(2):
        assert client.post(f"{here}decision/1/")["Location"] == f"{here}#decision-1"
    assert verbs() == ["notification_agreed", "decision_opened"]
    assert History.objects.get(verb="decision_opened").detail["decision"] == str(decision.pk)
    assert chain_is_whole(Case.objects.get())
    page = client.get(here).content.decode()
    assert REASONS in page and "Ouverte le" in page
    told = say("decision", Notice.objects.get(template="decision").context)
    assert "remplace la lettre recommandée" in " ".join(told.closing)


def test_without_agreement_or_once_it_is_ended_the_decision_is_shown_and_no_reading_is_dated(client, case, decide):
    person = actors.person("Camille Martin")
    for agrees in (True, False, False):
        notification.choose(case.id, person, agrees=agrees)
    decide()
    notification.open_decision(case.id, person, 1)
    assert REASONS in client.get(f"/suivi/{case.tracking_key}/").content.decode()
    assert verbs() == ["notification_agreed", "notification_ended"]
    assert not say("decision", Notice.objects.get(template="decision").context).closing
    with pytest.raises(CaseError, match="avant la décision"):
        notification.choose(case.id, person, agrees=True)
