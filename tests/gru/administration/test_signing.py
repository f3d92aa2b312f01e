"""Who signs decisions, and the days that do not count."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from etoile.gru.access import closing, signing
from etoile.gru.access.models import Delegation, Role
from etoile.gru.access.services import create_agent
from etoile.gru.audit.models import Entry
from etoile.gru.cases import services
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import Incomplete
from etoile.gru.cases.states import State


def page(name, *args):
    return reverse(f"administration:{name}", args=args)


def form(town, **changes):
    return {
        "account": town.agent.pk,
        "given_name": "Nadia",
        "family_name": "Leroy",
        "capacity": "Adjointe au maire",
        "service": "Cabinet du maire",
        "formula": "Pour le maire et par délégation",
        "begins_on": timezone.localdate().isoformat(),
        **changes,
    }


def test_a_decision_bears_the_delegation_in_force_and_nobody_else_signs(town, administrator, client):
    today = timezone.localdate()
    colleague = create_agent(town.authority, "ali@valmont.example", password=None, roles={town.team: [Role.MANAGER]})
    assert client.post(page("signatory-add"), form(town, ends_on="2020-01-01")).status_code == 422
    assert client.post(page("signatory-add"), form(town)).status_code == 302
    decision = services.decide(town.submit().pk, town.agent, outcome=State.ACCEPTED)
    assert decision.text.splitlines()[-3:] == [
        "Pour le maire et par délégation",
        "Nadia Leroy, Adjointe au maire",
        "Cabinet du maire",
    ]
    with pytest.raises(Incomplete, match="délégation"):
        services.decide(town.submit().pk, colleague, outcome=State.ACCEPTED)
    row = Delegation.objects.get()
    for changes, signs in (
        ({"ends_on": today - timedelta(days=1), "begins_on": today - timedelta(days=9)}, False),
        ({"ends_on": today, "begins_on": today}, True),
        ({"begins_on": today + timedelta(days=1), "ends_on": None}, False),
        # Another procedure: this one has no signatory, agents sign in their own name.
        ({"begins_on": today, "procedures": ["autre"]}, True),
    ):
        Delegation.objects.filter(pk=row.pk).update(**changes)
        case = town.submit()
        if signs:
            services.decide(case.pk, town.agent, outcome=State.ACCEPTED)
        else:
            with pytest.raises(Incomplete):
                services.decide(case.pk, town.agent, outcome=State.ACCEPTED)


def test_the_narrowest_delegation_signs_for_one_statement(town, django_assert_num_queries):
    day = timezone.localdate()
    given = dict.fromkeys(signing.FIELDS, "") | {"given_name": "N", "family_name": "L", "service": "S"}
    for capacity, procedures in (("de tout", []), ("de l’acte", ["acte"])):
        values = {**given, "capacity": capacity, "procedures": procedures, "begins_on": day, "ends_on": None}
        signing.keep(town.authority, town.agent, values, by=None)
    with django_assert_num_queries(1):
        assert signing.signature_of(town.authority.pk, town.agent, "acte", day).capacity == "de l’acte"


def test_a_delegation_is_changed_ended_and_removed_and_each_is_told(town, administrator, client):
    client.post(page("signatory-add"), form(town))
    row = Delegation.objects.get()
    assert "en vigueur" in client.get(page("signatories")).content.decode()
    client.post(page("signatory", row.pk), form(town, capacity="Maire", ends_on="2099-01-01"))
    client.post(page("signatory-end", row.pk), {"end": "1"})
    row.refresh_from_db()
    assert (row.capacity, row.ends_on) == ("Maire", timezone.localdate())
    assert "finit bientôt" in client.get(page("signatories")).content.decode()
    ended = timezone.localdate() - timedelta(days=1)
    Delegation.objects.update(begins_on=ended, ends_on=ended)
    client.post(page("signatory-end", row.pk), {"end": "1"})
    row.refresh_from_db()
    assert row.ends_on == ended
    client.post(page("signatory-end", row.pk), {"remove": "1"})
    assert not Delegation.objects.exists()
    told = Entry.objects.filter(action__startswith="signatory.").order_by("pk").values_list("action", flat=True)
    assert list(told) == ["signatory.kept", "signatory.kept", "signatory.ended", "signatory.removed"]


def test_a_closed_day_moves_what_is_due_in_working_days(town, administrator, client):
    case = town.submit()
    before = running.receipts(case)
    answer = client.post(page("closed-days"), {"first": before.registration.isoformat(), "last": "", "name": "Pont"})
    assert answer.status_code == 302
    case.authority.refresh_from_db()
    assert running.receipts(case).registration > before.registration
    assert "Pont" in client.get(page("closed-days")).content.decode()
    client.post(page("closed-days"), {"open": before.registration.isoformat()})
    case.authority.refresh_from_db()
    assert running.receipts(case) == before
    for first, last in (("2027-05-10", "2027-05-09"), ("2027-01-01", "2027-12-31"), ("demain", "")):
        assert client.post(page("closed-days"), {"first": first, "last": last, "name": "x"}).status_code == 422
    assert client.post(page("closed-days"), {"open": "non"}).status_code == 404


def test_what_cannot_be_read_closes_no_day(town):
    town.authority.closed_days = [{"day": "non"}, 3, {"day": "2027-05-07", "name": "Pont"}]
    assert closing.days(town.authority) == {date(2027, 5, 7): "Pont"}
