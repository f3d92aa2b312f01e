"""Two become one, and two again."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gru.conftest import make_agent, make_town
from tests.gru.matching.conftest import CAMILLE, pair, suspected

from etoile.gru.access.models import Membership, Role
from etoile.gru.accounts.models import Link, OwnRequest, PersonAccount
from etoile.gru.audit.models import Entry
from etoile.gru.cases.models import Case
from etoile.gru.matching import consulting, deciding, excluding, holders, locking, merging, values
from etoile.gru.matching.errors import MatchingError
from etoile.gru.matching.models import Asking, Exclusion, Merge, Move, Suspicion
from etoile.gru.notices.models import Notice
from etoile.gru.passkeys.models import Passkey
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level, Person, Presence
from etoile.gru.people.pairwise import identifier, person_id
from etoile.gru.people.services import record_applicant, record_attribute
from etoile.gru.ties.models import Concerned, Tie

pytestmark = pytest.mark.django_db
SECTORS = ("etat-civil", "enfance")


def known(person):
    with scope.of_task("test"):
        return {each.key: (each.value, each.level) for each in Attribute.objects.filter(person=person)}


def write(person, key, value, level=Level.OFFICIAL_PROOF):
    with scope.of_task("test"):
        record_attribute(person, key, value, level=level, source="essai")


def test_the_one_kept_has_the_cases_of_both_and_of_each_thing_the_surer(town):
    first, second = pair(town, given_names="Camille Anne")
    write(second.person, "given_names", "Camille Anne")
    write(second.person, "birth_date", "1984-05-07")
    merging.merge(first.person_id, second.person_id, town.agent, why="  vu au guichet ")
    assert set(Case.objects.filter(person=first.person_id)) == {first, second}
    assert known(first.person)["given_names"] == ("Camille Anne", Level.OFFICIAL_PROOF)
    assert known(first.person)["birth_date"] == ("1984-05-07", Level.OFFICIAL_PROOF)
    assert known(first.person)["family_name"] == ("Martin", Level.DECLARED)
    said = Entry.objects.get(action="person.merged")
    assert (said.person_id, said.detail["cases"], said.account_id) == (first.person_id, 1, town.agent.pk)
    with scope.of_task("test"):
        assert not Presence.objects.filter(person=second.person_id).exists()
        assert Merge.objects.get().why == "vu au guichet"


def test_of_two_as_sure_the_one_chosen_stays_and_never_what_is_less_sure(town):
    first, second = pair(town, given_names="Camille Anne", phone="+33639980177")
    write(second.person, "family_name", "Martin-Roux")
    pair_of = first.person_id, second.person_id
    for wrong, said in (({"family_name": pair_of[0]}, "la plus sûre reste"), ({"birth_date": pair_of[0]}, "a changé")):
        with pytest.raises(MatchingError, match=said):
            merging.merge(*pair_of, town.agent, chosen=wrong)
    done = merging.merge(*pair_of, town.agent, chosen={"given_names": pair_of[1], "phone": pair_of[0]})
    now = known(first.person)
    assert (now["given_names"][0], now["phone"][0]) == ("Camille Anne", "+33639980123")
    assert now["family_name"] == ("Martin-Roux", Level.OFFICIAL_PROOF)
    merging.unmerge(done.pk, town.agent)
    assert known(first.person)["given_names"][0] == "Camille"


def test_what_happened_since_stays_with_the_one_kept(town):
    first, second = pair(town)
    write(second.person, "given_names", "Camille Anne")
    write(second.person, "phone", "+33639980199")
    done = merging.merge(first.person_id, second.person_id, town.agent)
    later = town.submit(applicant={"kind": "natural", "family_name": "Durand"})
    Case.objects.filter(pk=later.pk).update(person=first.person_id)
    write(first.person, "phone", "+33639980155", Level.OFFICIAL_PROOF_SEEN)
    merging.unmerge(done.pk, town.agent, why="deux personnes", apart=True)
    assert set(Case.objects.filter(person=first.person_id)) == {first, later}
    assert known(first.person)["phone"] == ("+33639980155", Level.OFFICIAL_PROOF_SEEN)
    assert known(first.person)["given_names"] == ("Camille", Level.DECLARED)
    assert suspected() == []
    with scope.of_task("test"):
        excluding.include(Exclusion.objects.get().pk, town.agent)
    assert len(suspected()) == 1


def test_an_application_that_knew_either_finds_the_one_who_stands(town):
    first, second = pair(town)
    kept, other = first.person_id, second.person_id
    alias = {each: identifier(each, town.authority.pk, "enfance") for each in (kept, other)}
    done = merging.merge(kept, other, town.agent)
    assert {person_id(each, town.authority, "enfance") for each in alias.values()} == {kept}
    merging.unmerge(done.pk, town.agent)
    assert {each: person_id(alias[each], town.authority, "enfance") for each in alias} == {kept: kept, other: other}


def _seen(town, persons):
    """All that must be as before: cases, notices, identifiers, presences, and what is known of each."""
    of_cases = Notice.objects.exclude(case_id=None)
    with scope.of_task("test"):
        return {
            "cases": set(Case.objects.values_list("pk", "person", "version", "history_hash", "state")),
            "notices": set(of_cases.values_list("pk", "case_id", "template", "state")),
            "identifiers": {
                (each, sector): person_id(identifier(each, town.authority.pk, sector), town.authority, sector)
                for each in persons for sector in SECTORS
            },
            "accounts": set(PersonAccount.objects.values_list("pk", "person", "joined_to", "email")),
            "ways in": set(Link.objects.values_list("pk", "account")),
            "kept": set(OwnRequest.objects.values_list("account", "case_id", "how")),
            "keys": set(Passkey.objects.values_list("pk", "holder")),
            "ties": set(Tie.objects.values_list("pk", "holder", "subject")),
            "concerned": set(Concerned.objects.values_list("case_id", "person")),
            "presences": set(Presence.objects.values_list("person", "sector", "by_act")),
            "known": set(Attribute.objects.values_list("person", "key", "value", "level", "source", "certified_at")),
        }  # fmt: skip


LEVELS = (Level.DECLARED, Level.OFFICIAL_PROOF, Level.FRANCECONNECT)
KEYS = ("family_name", "birth_date", "phone")
PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.booleans(),
        st.dictionaries(st.sampled_from(KEYS), st.sampled_from(LEVELS)),
        st.booleans(),
        st.booleans(),
    ),
    min_size=3,
    max_size=4,
)  # fmt: skip
ORDER = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(PEOPLE, ORDER, st.randoms(use_true_random=False))
def test_undoing_what_was_merged_in_any_order_gives_back_everything(town, people, order, chance):
    with transaction.atomic():
        persons = [_made(town, number, *each) for number, each in enumerate(people)]
        before = _seen(town, persons)
        standing = []
        for one, other in order:
            pair = persons[one % len(persons)], persons[other % len(persons)]
            try:
                standing.append(merging.merge(*pair, town.agent, chosen=_chosen(town, pair, chance)))
            except MatchingError:
                continue
            if chance.random() < 0.3:
                standing = _undone(town, standing, chance)
        while standing:
            standing = _undone(town, standing, chance)
        assert _seen(town, persons) == before
        transaction.set_rollback(True)


def _chosen(town, pair, chance):
    """The person says that both are theirs; of what is as sure, an agent keeps one or the other."""
    with scope.of_task("test"):
        if pair[0] != pair[1]:
            first, second = sorted(pair)
            said = {"authority": town.authority, "asked_by": town.agent, "ends_at": timezone.now()}
            Asking.objects.update_or_create(
                first_id=first, second_id=second, defaults={**said, "state": Asking.State.CONFIRMED}
            )
        sides = [{each.key: each for each in Attribute.objects.filter(person=person)} for person in pair]
    even = [key for key in sides[0] if key in sides[1] and values.is_even(sides[0][key], sides[1][key])]
    return {key: chance.choice(pair) for key in even}


def _made(town, number, cases, act, levels, has_account, is_tied):
    person = record_applicant(town.authority, {"kind": "natural"})
    for key, level in levels.items():
        write(person, key, f"{key} {number}", level)
    made = [town.submit(applicant=CAMILLE) for _each in range(cases)]
    Case.objects.filter(pk__in=[each.pk for each in made]).update(person=person.pk)
    if has_account:
        account = PersonAccount.objects.create(authority=town.authority, person=person, email=f"{number}@exemple.fr")
        Link.objects.create(
            account=account, authority=town.authority, platform=f"p{number}", subject="x", linked_at=timezone.now()
        )
        mine = {"kind": "person", "holder": str(account.pk), "host": "localhost", "name": "x"}
        Passkey.objects.create(credential=str(number).encode(), public_key=b"", created_at=timezone.now(), **mine)
        for each in made[:1]:
            OwnRequest.objects.create(account=account, case_id=each.pk, how="started", since=timezone.now())
    with scope.of_task("test"):
        Presence.objects.get_or_create(person=person, sector=town.sector, defaults={"by_act": True})
        if act:
            Presence.objects.filter(person=person).update(by_act=True)
        if is_tied:
            # A child of theirs; and a request that is about them, which somebody else made.
            lou = record_applicant(town.authority, {"kind": "natural"})
            Tie.objects.create(authority=town.authority, kind="responsible", holder=person, subject=lou, source="x",
                               certified_at=timezone.now())  # fmt: skip
            Concerned.objects.create(case_id=town.submit(applicant=CAMILLE).pk, person=person)
    return person.pk


def _undone(town, standing, chance):
    """One of those that can be undone now, whichever."""
    for each in chance.sample(standing, len(standing)):
        try:
            merging.unmerge(each.pk, town.agent)
        except MatchingError:
            continue
        return [other for other in standing if other != each]
    raise AssertionError("none of them can be undone")


def test_an_account_whose_owner_is_proven_goes_with_its_person_and_comes_back(town, two):
    account = PersonAccount.objects.create(authority=town.authority, person=two[1])
    for key, value in (("family_name", "Martin"), ("given_names", "Camille")):
        write(two[1], key, value, Level.FRANCECONNECT)
    done = merging.merge(two[0].pk, two[1].pk, town.agent)
    assert PersonAccount.objects.get(pk=account.pk).person_id == two[0].pk
    merging.unmerge(done.pk, town.agent)
    assert PersonAccount.objects.get(pk=account.pk).person_id == two[1].pk


def test_one_whose_cases_are_all_eliminated_is_no_longer_kept_for_the_day_it_is_undone(town, two):
    merging.merge(two[0].pk, two[1].pk, town.agent)
    with scope.of_task("test"):
        assert consulting.spent(two[0].pk) == []
        Move.objects.filter(case_id__isnull=False).delete()
        assert consulting.spent(two[0].pk) == [two[1].pk]


@pytest.fixture
def two(town):
    first, second = pair(town)
    return first.person, second.person


def _of_another_sector(town, two, elsewhere):
    Case.objects.filter(person=two[1]).update(sector=elsewhere.sector_id)


def _of_another_authority(town, two, elsewhere):
    other = make_town("21490888800011", "autre").submit()
    two[1].pk = other.person_id


def _legal(town, two, elsewhere):
    with scope.of_task("test"):
        Person.objects.filter(pk=two[1].pk).update(kind="legal")


def _restricted(town, two, elsewhere):
    with scope.of_task("test"):
        Person.objects.filter(pk=two[1].pk).update(restricted_at=timezone.now())


def _merged(town, two, elsewhere):
    third = town.submit(applicant=CAMILLE)
    merging.merge(third.person_id, two[1].pk, town.agent)


def _with_accounts(number):
    def arrange(town, two, elsewhere):
        for each in two[:number]:
            PersonAccount.objects.create(authority=town.authority, person_id=each.pk)

    return arrange


REFUSED = [
    (lambda town, two, elsewhere: setattr(two[1], "pk", two[0].pk), "deux fois la même"),
    (_of_another_sector, "n’existe plus"),
    (_of_another_authority, "n’existe plus"),
    (lambda town, two, elsewhere: Membership.objects.update(role=Role.INSTRUCTOR), "n’existe plus"),
    (_legal, "ne se fusionnent pas"),
    (_restricted, "ne servent plus"),
    (_merged, "déjà fusionnée"),
    (lambda town, two, elsewhere: excluding.exclude(two[0].pk, two[1].pk, town.agent), "ce sont deux personnes"),
    (_with_accounts(2), "chacune un espace personnel"),
    (_with_accounts(1), "Vérifiez d’abord son nom"),
]


@pytest.mark.parametrize(("arrange", "said"), REFUSED)
def test_a_merge_that_may_not_be_is_refused_in_words_and_changes_nothing(town, two, elsewhere, arrange, said):
    arrange(town, two, elsewhere)
    before = set(Case.objects.values_list("pk", "person"))
    with pytest.raises(MatchingError, match=said):
        merging.merge(two[0].pk, two[1].pk, town.agent)
    assert set(Case.objects.values_list("pk", "person")) == before


def test_a_pair_is_decided_by_whoever_holds_it_while_they_hold_it(town, two):
    colleague = make_colleague(town)
    (found,) = suspected()
    with pytest.raises(MatchingError, match="le délai est passé"):
        deciding.same(found.pk, town.agent, two[0].pk)
    locking.take(found.pk, town.agent)
    with pytest.raises(MatchingError, match="compare déjà"):
        locking.take(found.pk, colleague)
    with pytest.raises(MatchingError, match="le délai est passé"):
        deciding.apart(found.pk, colleague)
    with scope.of_task("test"):
        Suspicion.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    locking.take(found.pk, colleague)
    with pytest.raises(MatchingError, match="le délai est passé"):
        deciding.same(found.pk, town.agent, two[0].pk)
    done = deciding.same(found.pk, colleague, two[1].pk)
    assert (done.master_id, done.merged_id) == (two[1].pk, two[0].pk)
    assert suspected() == []


def make_colleague(town):
    colleague = make_agent(town.authority, town.team, "sam@valmont.example")
    Membership.objects.filter(account=colleague).update(role=Role.MANAGER)
    return colleague


def test_every_table_that_names_a_person_goes_with_them_or_says_why_it_stays():
    named = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Person or (isinstance(field, models.UUIDField) and field.column == "person_id")
    }
    assert named == holders.declared()
