"""A request under the wrong procedure goes on under the right one: what fits is kept, the rest set aside and read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from etoile.gru.access.models import Sector, Team
from etoile.gru.cases import events, queries, services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, Handoff
from etoile.gru.cases.states import State
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.services import load
from etoile.gru.notices.models import Notice
from etoile.gru.requalification.models import Requalification
from etoile.gru.requalification.services import aside_of, requalify
from tests.gru.conftest import PROCEDURE, Town, log_in

WHY = "C’est une demande de copie."


def field(name: str, **more: object) -> dict[str, object]:
    return {"id": name, "type": "text", "label": {"fr": name.capitalize()}, **more}


@pytest.fixture
def other(town: Town) -> ProcedureVersion:
    """Of another sector; it asks the reason too, of people and not of companies, and a plot; silence accepts within a
    month."""
    sector = Sector.objects.create(authority=town.authority, slug="urbanisme", name="Urbanisme")
    Team.objects.create(
        authority=town.authority, sector=sector, slug="urbanisme", name="Urbanisme",
        address="2 place", email="u@valmont.example", phone="02",
    )  # fmt: skip
    pages = [{
        "id": "vous", "title": {"fr": "Vous"},
        "sections": [{"id": "s", "title": {"fr": "S"}, "fields": [
            field("nom", type="name", applicant="family_name", required=True),
            field("qui", type="single_choice", applicant="kind", required=True, options=[
                {"value": value, "label": {"fr": value}} for value in ("company", "individual")
            ]),
            field("motif", required=True, visible_when={"field": "qui", "op": "equals", "value": "individual"}),
            field("parcelle", required=True),
        ]}],
    }]  # fmt: skip
    raw = PROCEDURE | {
        "slug": "copie", "title": {"fr": "Copie de plan"}, "team": "urbanisme", "treatment": "team", "pages": pages,
        "silence": {"regime": "accept", "duration": "P1M"},
    }  # fmt: skip
    version = load(town.authority, raw)
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    return ProcedureVersion.objects.select_related("procedure__team", "procedure__authority").get(pk=version.pk)


def test_an_answer_given_has_ended_the_silence_under_any_procedure(town, other):
    case = town.submit(submitted_at=timezone.now() - timedelta(days=3))
    services.start(case.pk, town.agent)
    services.decide(case.pk, town.agent, outcome=State.ACCEPTED)
    services.reopen(case.pk, town.agent, reason="Une erreur de plume.")
    requalify(case.pk, town.agent, other, reason=WHY)
    now = Case.objects.get(pk=case.pk)
    assert (now.silence_regime, now.silence_date) == ("none", None)


def test_what_fits_is_kept_the_rest_set_aside_and_the_delay_still_counts_from_the_first_day(town, other):
    case = town.submit(submitted_at=timezone.now() - timedelta(days=3))
    services.start(case.pk, town.agent)
    requalify(case.pk, town.agent, other, reason=WHY)
    now = Case.objects.select_related("team", "procedure_version").get(pk=case.pk)
    assert (now.procedure_version.pk, now.team.slug, now.assignee) == (other.pk, "urbanisme", None)
    assert queries.clear_answers(now) == {"motif": "Mariage"}
    left = Requalification.objects.select_related("case").get(case=case)
    assert aside_of(left) == {"allergie": "arachide"}
    assert "arachide" not in str(left.aside)
    received = timezone.localdate(case.submitted_at)
    assert now.silence_regime == "accept"
    assert timedelta(days=27) < now.silence_date - received < timedelta(days=32)
    row = now.history.last()
    assert (row.verb, row.reason, row.detail["to"]) == ("requalify", WHY, "Copie de plan")
    assert queries.chain_is_whole(now)
    assert Notice.objects.filter(case_id=case.pk).latest("created_at").template == "requalified"
    # The applications of the old procedure are told it is over, those of the new one that it begins; in that order.
    assert [name for name, _ in town.published(case)][-2:] == ["case.withdrawn.v1", "case.submitted.v1"]


@pytest.mark.parametrize("why", ["ended", "followed", "same", "late", "no reason"])
def test_a_request_that_cannot_change_is_left_as_it_was_with_a_sentence(town, other, why):
    long_ago = timezone.now() - timedelta(days=50 if why == "late" else 0)
    case = town.submit(submitted_at=long_ago)
    if why == "ended":
        services.decide(case.pk, town.agent, outcome=State.ACCEPTED)
    if why == "followed":
        handed = {"message_type": events.SUBMITTED, "application": "a", "state": "acknowledged"}
        Handoff.objects.create(case=case, delivery="d", occurred_at=long_ago, **handed)
    before = town.case(case).version
    version = town.fresh_version() if why == "same" else other
    with pytest.raises(CaseError) as refused:
        requalify(case.pk, town.agent, version, reason="" if why == "no reason" else WHY)
    assert str(refused.value)
    assert town.case(case).version == before
    assert not Requalification.objects.exists()


def test_an_agent_sees_what_would_be_kept_does_it_and_finds_what_was_set_aside(client, town, other):
    case = town.submit()
    log_in(client, town.agent)
    page = f"/agents/demandes/{case.pk}/requalification/"
    shown = client.get(page, {"demarche": "copie"}).content.decode()
    assert "Mariage" in shown
    assert "arachide" in shown
    assert "Parcelle" in shown
    given = {"demarche": "copie", "requalification-version": case.version}
    assert client.post(page, given).status_code == 422
    answer = client.post(page, given | {"requalification-reason": WHY})
    # It is another sector's now: the agent no longer opens it.
    assert answer["Location"] == "/agents/"
    assert client.get(f"/agents/demandes/{case.pk}/").status_code == 404
    assert WHY in client.get(f"/suivi/{case.tracking_key}/").content.decode()
