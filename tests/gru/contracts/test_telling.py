"""Changes of people are told to those whose contract reads them; two applications share no key to match people on."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from tests.gru.api.calling import Caller
from tests.gru.conftest import PROCEDURE, make_town
from tests.gru.contracts.making import contract
from tests.gru.running import running

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.gru.access.models import Membership, Role
from etoile.gru.api.models import Limits
from etoile.gru.cases.models import Case
from etoile.gru.contracts import services, telling
from etoile.gru.contracts.models import Changed
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.services import load
from etoile.gru.matching import merging
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level, Person, Presence
from etoile.gru.people.services import record_applicant, record_attribute
from etoile.hub.registry import pairwise

EMAIL, PHONE = "lou@example.org", "+33639980123"


def known_since_yesterday(case):
    """As if the request had been sent before: what is written at that moment is told by it."""
    with scope.of_task("testing"):
        yesterday = case.submitted_at - timedelta(days=1)
        Person.objects.filter(pk=case.person_id).update(created_at=yesterday)
        Presence.objects.filter(person=case.person_id).update(since=yesterday)
    return case


def write(case, key, value, level=Level.CHECKED_BY_CODE):
    with scope.of_person(case.person_id):
        record_attribute(Person.objects.get(pk=case.person_id), key, value, level=level, source="code")


def told() -> list[Event]:
    telling.tell()
    found = OutgoingEvent.objects.filter(type=telling.UPDATED).order_by("position")
    events = [Event.from_json(each.body.encode()) for each in found]
    assert [schemas.violations(each) for each in events] == [[] for _each in events]
    return events


@pytest.mark.parametrize(
    ("reads", "off", "expected"),
    [
        ({"email": 100, "phone": 100}, "", {"attributes": {"email": EMAIL}, "removed": ["phone"]}),
        ({"email": 200}, "", {"attributes": {"email": EMAIL}}),
        ({"phone": 100}, "", {"attributes": {}, "removed": ["phone"]}),
        ({"email": 400}, "", None),
        ({"family_name": 100}, "", None),
        ({"email": 100}, "suspended", None),
        ({"email": 100}, "elsewhere", None),
        ({"email": 100}, "restricted", None),
    ],
)
def test_a_change_is_told_as_the_contract_reads_it(town, reads, off, expected):
    case = town.submit(applicant={"kind": "natural", "family_name": "Martin", "given_names": "Lou", "phone": PHONE})
    known_since_yesterday(case)
    made = contract(town, read=reads, procedures=["autre" if off == "elsewhere" else "acte"])
    if off == "suspended":
        services.suspend(made, "Fuite", by=None)
    write(case, "email", EMAIL)
    with scope.of_task("testing"):
        Attribute.objects.filter(person=case.person_id, key="phone").delete()
        if off == "restricted":
            Person.objects.filter(pk=case.person_id).update(restricted_at=case.submitted_at)
    events = told()
    if expected is None:
        assert events == []
        return
    (event,) = events
    submitted = json.loads(OutgoingEvent.objects.get(subject=case.subject).body)["data"]["applicant"]
    assert event.recipient == "etat-civil" and event.for_nobody
    assert event.data.pop("person") == submitted["person"]
    assert event.data.pop("occurred_at") and event.data.pop("kind") == "natural"
    assert event.data == expected
    assert telling.tell() == 0


def test_what_comes_with_a_request_is_not_told_twice(town):
    contract(town)
    town.submit()
    assert not Changed.objects.exists()
    assert told() == []


def test_somebody_removed_leaves_nothing_to_tell(town):
    person = record_applicant(town.authority, {"kind": "natural", "email": EMAIL})
    with scope.of_task("testing"):
        Person.objects.filter(pk=person.pk).update(created_at="2026-01-01T00:00:00Z")
        Attribute.objects.filter(person=person.pk).update(level=Level.CHECKED_BY_CODE)
        assert Changed.objects.exists()
        Attribute.objects.filter(person=person.pk).delete()
        Person.objects.filter(pk=person.pk).delete()
    assert not Changed.objects.exists()


def test_a_change_that_is_undone_is_told_to_nobody_and_one_that_is_kept_waits_for_the_worker(town):
    case = known_since_yesterday(town.submit())
    contract(town)
    with transaction.atomic():
        write(case, "email", EMAIL)
        transaction.set_rollback(True)
    assert not Changed.objects.exists()
    write(case, "email", EMAIL)
    write(case, "email", EMAIL)
    assert Changed.objects.count() == 2
    assert len(told()) == 1
    assert not Changed.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_under_the_role_that_runs_a_request_is_not_told_twice_and_what_changes_after_is(transactional_db):
    town = make_town()
    contract(town)
    with running():
        case = town.submit()
        assert not Changed.objects.exists()
        assert told() == []
        write(case, "email", EMAIL)
        (event,) = told()
        assert event.data["attributes"] == {"email": EMAIL}
        assert not Changed.objects.exists()


def test_a_merge_is_told_under_the_identifier_each_application_knows_and_so_is_its_undoing(town):
    """`etat-civil` knows the record that is merged, `ailleurs` the one that is kept, `rien` neither."""
    Membership.objects.filter(account=town.agent).update(role=Role.MANAGER)
    kept = town.submit(version=other_procedure(town), applicant={**CAMILLE, "phone": PHONE, "email": EMAIL})
    merged = town.submit(applicant=CAMILLE)
    contract(town, read={"email": 100, "phone": 200})
    contract(town, application="ailleurs", procedures=["autre"])
    contract(town, application="rien", procedures=["encore"])
    called = {each.pk: json.loads(each_event(each).body)["data"]["applicant"]["person"] for each in (kept, merged)}
    done = merging.merge(kept.person_id, merged.person_id, town.agent)
    (event,) = told()
    assert event.recipient == "etat-civil" and event.data["person"] == called[merged.pk]
    assert event.data["merged_into"] == called[kept.pk]
    assert event.data["attributes"] == {"email": EMAIL} and "removed" not in event.data
    write(known_since_yesterday(kept), "email", "neuf@example.org")
    later = told()[1:]
    assert {each.recipient: each.data["person"] for each in later} == {
        "etat-civil": called[kept.pk],
        "ailleurs": called[kept.pk],
    }
    merging.unmerge(done.pk, town.agent)
    (event,) = told()[3:]
    assert event.recipient == "etat-civil" and event.data["person"] == called[merged.pk]
    assert event.data["parted_from"] == called[kept.pk]
    assert event.data["attributes"] == {} and event.data["removed"] == ["email", "phone"]
    again = merging.merge(kept.person_id, merged.person_id, town.agent)
    merging.unmerge(again.pk, town.agent)
    assert told()[4:] == []


CAMILLE = {"kind": "natural", "family_name": "Martin", "given_names": "Camille"}


def other_procedure(town) -> ProcedureVersion:
    version = load(town.authority, {**PROCEDURE, "slug": "autre", "title": {"fr": "Autre"}})
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    return ProcedureVersion.objects.get(pk=version.pk)


def each_event(case) -> OutgoingEvent:
    return OutgoingEvent.objects.get(subject=case.subject, type="org.etoile.case.submitted.v1")


@dataclass(frozen=True)
class Subscriber:
    """An application of the hub, which gives each its own aliases (`hub.delivery.prepare`)."""

    slug: str
    pairwise_key: str

    def receives(self, event: Event) -> dict:
        known = schemas.rewrite(event, "person", lambda value: f"gru:{value}")
        return schemas.rewrite(known, "person", lambda value: pairwise.alias(self, value)).to_dict()


def leaves(node, place=""):
    if isinstance(node, dict):
        for name, child in node.items():
            yield from leaves(child, name)
    elif isinstance(node, list):
        for child in node:
            yield from leaves(child, place)
    elif isinstance(node, str | int) and not isinstance(node, bool):
        yield place, node


def second_request(town, first) -> Case:
    """Of the same person, in the same sector: what an account or a merge makes."""
    case = town.submit(version=other_procedure(town))
    Case.objects.filter(pk=case.pk).update(person=first.person_id)
    return town.case(case)


def test_two_applications_share_nothing_to_match_a_person_on_but_what_they_both_read_of_them(town):
    first = town.submit()
    second = second_request(town, first)
    known_since_yesterday(first)
    received = {}
    for slug, case in (("acte", first), ("autre", second)):
        program = Caller(town, known=False)
        Limits.objects.create(client=program.client, procedures={slug: ["*"]})
        program.sign_in()
        contract(town, program.client, procedures=[slug])
        contract(town, application=f"application-{slug}", procedures=[slug])
        person = program.get(f"cases/{case.pk}").json()["applicant"]["person"]
        read = ("cases", f"cases/{case.pk}", f"cases/{case.pk}/messages", f"people/{person}")
        received[slug] = [program.get(path).json() for path in read]
    write(first, "phone", PHONE)
    events = {each.recipient: each for each in told()}
    assert set(events) == {"application-acte", "application-autre"}
    for slug, case in (("acte", first), ("autre", second)):
        subscriber = Subscriber(f"application-{slug}", pairwise.new_key())
        mine = [Event.from_json(each.body.encode()) for each in OutgoingEvent.objects.filter(subject=case.subject)]
        received[slug] += [subscriber.receives(each) for each in (*mine, events[subscriber.slug])]
    one, other = (set(leaves(each)) for each in received.values())
    shared = {(place, value) for place, value in one & other if isinstance(value, str) and len(value) > 3}
    # What is known of the person, words that say nothing of them, and the minute at which both are told.
    civil = {"family_name": "Martin", "given_names": "Camille", "email": "camille.martin@example.org", "phone": PHONE}
    words = {*civil.values(), "non communiqué"}
    assert {value for place, value in shared if place in civil} <= words
    assert {value for _place, value in shared} >= set(civil.values())
    about_nobody = {
        "certified_on", "silence_date", "silence_regime", "state", "team", "slug", "name", "channel", "kind", "source",
        "type", "authority", "datacontenttype", "specversion", "receiver", "verb", "actor", "from", "to", "motif",
        "dataschema", "allergie", "sensitive", "withheld",
    }  # fmt: skip
    at_the_minute = {
        place for place, value in shared if place in {"time", "occurred_at"} and str(value)[16:20] in {":00Z", ":00+"}
    }
    assert {place for place, value in shared if value not in words} <= about_nobody | at_the_minute
    for each in (str(first.person_id), first.person_id.hex):
        assert each not in json.dumps(list(received.values()))
