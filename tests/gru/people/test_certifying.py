"""What replaces what, what does not and why; and what an agent attests."""

from datetime import timedelta

import pytest
from django.utils import timezone

from etoile.gru.access.models import Membership, Role
from etoile.gru.audit.models import Entry
from etoile.gru.people import certifying, figures, scope, search
from etoile.gru.people.certifying import CertifyRefused, certify
from etoile.gru.people.models import Attribute, Change, Level, Person
from etoile.gru.people.services import LowerLevel, record_applicant, record_attribute

CODE, UNOFFICIAL, OFFICIAL, SEEN, CONNECT = 200, 330, 400, 500, 600
DECLARED = 100
# What is known, and how many days ago it expired (negative: it will, None: never); what is offered; what stays.
VECTORS = [
    (DECLARED, None, DECLARED, "new"),
    (DECLARED, None, CODE, "new"),
    (CODE, None, DECLARED, "Vérifié par un code"),
    (CODE, None, CODE, "new"),
    (330, None, 200, "Justificatif non officiel"),
    (360, None, 330, "Justificatif non officiel vu au guichet"),
    (OFFICIAL, None, 360, "Justificatif officiel"),
    (OFFICIAL, None, SEEN, "new"),
    (SEEN, None, OFFICIAL, "Justificatif officiel vu au guichet"),
    (SEEN, None, CONNECT, "new"),
    (CONNECT, None, SEEN, "FranceConnect"),
    (CONNECT, None, DECLARED, "FranceConnect"),
    (CONNECT, None, CONNECT, "new"),
    (CONNECT, -1, DECLARED, "FranceConnect"),
    (CONNECT, 1, DECLARED, "new"),
    (OFFICIAL, 400, CODE, "new"),
]


def test_a_surer_value_stays_and_the_refusal_says_why(town, subtests):
    for known, expired, offered, expected in VECTORS:
        with subtests.test(known=known, expired=expired, offered=offered):
            person = record_applicant(town.authority, {})
            now, until = timezone.now(), None
            if expired is not None:
                until = now - timedelta(days=expired)
            with scope.of_person(person.pk):
                record_attribute(
                    person, "address", "old", level=Level(known), source="a",
                    certified_at=now - timedelta(days=500), expires_at=until,
                )  # fmt: skip
                try:
                    record_attribute(person, "address", "new", level=Level(offered), source="b")
                except LowerLevel as refusal:
                    assert f"déjà connu au niveau « {expected} »" in str(refusal)
                    assert f"« {Level(offered).label} » ne la remplace pas" in str(refusal)
                    assert str(refusal).startswith("« Adresse postale »")
                    assert (refusal.known, refusal.offered) == (known, offered)
                    stays = ("old", known)
                else:
                    assert expected == "new"
                    stays = ("new", offered)
                kept = Attribute.objects.get(person=person)
                assert (kept.value, kept.level) == stays
                assert Change.objects.filter(person=person).count() == (2 if stays[0] == "new" else 1)


@pytest.fixture
def seen(case, town):
    """The agent at the counter, with the file of somebody of their sector open."""
    with scope.of_agent(town.agent):
        yield Person.objects.select_related("authority").get(pk=case.person_id), town.agent


def test_an_agent_attests_what_a_paper_says_until_its_last_day(seen, town):
    person, agent = seen
    assert certifying.may_certify(agent, person)
    certify(
        person, "family_name", agent, level=Level.OFFICIAL_PROOF_SEEN, seen="Martin", value="Martin-Leroy",
        until=town.authority.today(),
    )  # fmt: skip
    kept = Attribute.objects.get(person=person, key="family_name")
    assert (kept.value, kept.level, kept.source) == ("Martin-Leroy", 500, "proof")
    assert kept.level_now == 500 and not kept.has_expired
    assert Change.objects.filter(person=person).last().author == f"agent/{agent.pk}"
    line = Entry.objects.get(action="person.certified")
    assert (line.person_id, line.account_id) == (person.pk, agent.pk)
    assert line.detail == {"before": {"family_name": 100}, "after": {"family_name": 500}}
    kept.expires_at = timezone.now() - timedelta(seconds=1)
    assert kept.level_now == Level.DECLARED


def test_what_cannot_be_attested_says_why(seen, town, subtests):
    person, agent = seen
    good = {"level": Level.OFFICIAL_PROOF, "seen": "Martin"}
    lies = {
        "ne s’atteste pas": ("email", {**good, "seen": "camille.martin@example.org"}),
        "plus valable": ("family_name", {**good, "until": town.authority.today() - timedelta(days=1)}),
        "a changé": ("family_name", {**good, "seen": "Bernard"}),
        "atteste pas": ("family_name", {**good, "level": Level.FRANCECONNECT}),
    }
    for why, (key, given) in lies.items():
        with subtests.test(why), pytest.raises(CertifyRefused, match=why):
            certify(person, key, agent, **given)
    with scope.of_person(person.pk):
        record_attribute(person, "family_name", "Martin", level=Level.FRANCECONNECT, source="franceconnect")
    with pytest.raises(CertifyRefused, match="FranceConnect"):
        certify(person, "family_name", agent, **good)
    Membership.objects.filter(account=agent).update(role=Role.READER)
    assert not certifying.may_certify(agent, person)


def test_a_person_is_looked_for_by_two_things_and_the_words_are_not_kept(seen, town, subtests):
    person, agent = seen
    with scope.of_person(person.pk):
        record_attribute(person, "phone", "+33241000000", level=Level.DECLARED, source="declared")
        record_attribute(
            person, "address", {"lines": ["1 rue"], "postal_code": "49 999", "city": "V"}, level=Level.DECLARED,
            source="declared",
        )  # fmt: skip
    looks = [
        ({"family_name": "MARTIN", "given_names": "cam"}, 1),
        ({"family_name": " martín ", "email": "CAMILLE.MARTIN@example.org"}, 1),
        ({"phone": "02 41 00 00 00", "address": "49999"}, 1),
        ({"family_name": "Martin", "given_names": "mille"}, 0),
        ({"family_name": "Mart", "given_names": "Camille"}, 0),
        ({"family_name": "Martin", "given_names": "%a"}, 0),
    ]
    for criteria, number in looks:
        with subtests.test(**criteria):
            assert len(search.search(agent, criteria).persons) == number
    for criteria in ({}, {"family_name": "Martin"}, {"family_name": "Martin", "given_names": "c"}):
        with subtests.test(refused=criteria), pytest.raises(search.SearchRefused, match="deux critères"):
            search.search(agent, criteria)
    noted = list(Entry.objects.filter(action="person.searched").values_list("detail", flat=True))
    assert len(noted) == len(looks) and noted[0] == {"criteria": ["family_name", "given_names"], "found": 1}
    assert "martin" not in str(noted).lower()


def test_too_many_are_not_shown_and_an_agent_who_goes_through_the_town_is_stopped(seen, town, monkeypatch):
    _person, agent = seen
    monkeypatch.setattr(search, "MOST", 1)
    town.submit()
    both = {"family_name": "Martin", "given_names": "Camille"}
    found = search.search(agent, both)
    assert found.too_many and not found.persons
    monkeypatch.setattr(search, "PER_HOUR", 1)
    with pytest.raises(search.SearchRefused, match="en une heure"):
        search.search(agent, both)


def test_the_figures_say_how_much_is_known_and_how_surely(seen, town):
    person, _agent = seen
    assert figures.latest(town.authority) is None
    with scope.of_person(person.pk):
        record_attribute(person, "family_name", "Martin", level=Level.FRANCECONNECT, source="franceconnect")
    with scope.of_task("test"):
        record_applicant(town.authority, {"kind": "legal", "organisation": "SARL"})
        record_applicant(town.authority, {"family_name": "Petit"})
    for _twice in range(2):
        figures.count(town.authority)
    counted = figures.latest(town.authority)
    lines = {each.key: (each.persons, each.coverage, each.level) for each in counted.lines}
    assert counted.persons == 2
    assert lines["family_name"] == (2, 100, 350) and lines["email"] == (1, 50, 100)
    assert lines["birth_date"] == (0, 0, 0)
    # (3 × 700 for the name, 3 × 100 and 2 × 100 for the rest) over 2 × 600 × 14.
    assert counted.quality == round(100 * (2100 + 300 + 200) / (2 * 600 * 14))
