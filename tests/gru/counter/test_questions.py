"""Somebody who gives no name asks, and comes back for the answer with a number."""

from datetime import timedelta

import pytest
from django.utils import timezone

from etoile.gru.access.models import Sector, Team
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.states import Channel
from etoile.gru.counter import questions
from etoile.gru.counter.models import Question
from tests.gru.conftest import Town, log_in, make_agent

NEW = "/agents/saisie/renseignements/nouveau/"


def test_a_question_goes_to_the_team_that_knows_and_its_number_gives_the_answer_to_anybody_at_the_counter(client, town):
    sector = Sector.objects.create(authority=town.authority, slug="voirie", name="Voirie")
    team = Team.objects.create(authority=town.authority, sector=sector, slug="voirie", name="Voirie", address="1",
                               email="v@valmont.example", phone="02")  # fmt: skip
    expert = make_agent(town.authority, team, "voirie@valmont.example")
    log_in(client, town.agent)
    given = {"channel": "phone", "team": team.pk, "asked": ""}
    assert client.post(NEW, given).status_code == 422
    told = client.post(NEW, given | {"asked": "Quand ferme la rue ?"}, follow=True).content.decode()
    asked = Question.objects.get()
    assert asked.number in told
    assert not questions.waiting(town.agent)
    with pytest.raises(CaseError):
        questions.answer(town.agent, asked.pk, "Demain.")
    log_in(client, expert)
    answer = f"/agents/saisie/renseignements/{asked.pk}/reponse/"
    assert client.post(answer, {}).status_code == 422
    client.post(answer, {f"r{asked.pk}-answer": "Le 3 mars."})
    client.post(answer, {f"r{asked.pk}-answer": "Autre chose."})
    log_in(client, town.agent)
    found = client.get("/agents/saisie/renseignements/", {"numero": asked.number.lower()}).content.decode()
    assert "Le 3 mars." in found
    assert "Autre chose." not in found


def test_a_question_is_erased_after_a_year(town: Town):
    old = questions.ask(town.agent, town.team, Channel.PHONE, "Vos horaires ?", "De 9 h à 17 h.")
    Question.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=366))
    questions.ask(town.agent, town.team, Channel.PHONE, "Et samedi ?", "De 9 h à 12 h.")
    assert questions.purge() == 1
    assert [each.asked for each in questions.answered(town.agent)] == ["Et samedi ?"]
