"""The whole of a merge under the role that really runs, and what PostgreSQL shows of it to whom."""

import pytest
from tests.gru.conftest import make_town
from tests.gru.matching.conftest import CAMILLE, pair, suspected
from tests.gru.people.test_sealed import outside, refused, rows
from tests.gru.running import running

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.accounts.services import keep
from etoile.gru.cases.models import Case
from etoile.gru.matching import asking, excluding, flagging, locking, merging, sweeping
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.gru.people.services import record_attribute
from etoile.gru.rights.holdings import export
from etoile.gru.rights.subject import of_case

SEALED = (
    "matching_key",
    "matching_suspicion",
    "matching_asking",
    "matching_exclusion",
    "matching_merge",
    "matching_move",
)


@pytest.mark.django_db(transaction=True)
def test_the_role_that_runs_merges_asks_and_parts_and_shows_it_to_a_task_and_to_who_it_speaks_of(town, subtests):
    first, second = pair(town)
    third = town.submit(applicant={**CAMILLE, "family_name": "Durand", "email": "d@exemple.fr"})
    stranger, elsewhere = town.submit().person_id, make_town("21490888800011", "autre")
    account = PersonAccount.objects.create(authority=town.authority, person_id=first.person_id, email="c@exemple.fr")
    keep(account, first.pk, "started")
    with scope.of_task("test"):
        for key, value in (("family_name", "Martin"), ("given_names", "Camille")):
            record_attribute(first.person, key, value, level=Level.FRANCECONNECT, source="x")
    with running():
        (found,) = suspected()
        locking.take(found.pk, town.agent)
        asked = asking.ask(found.pk, town.agent)
        side = "second" if asked.second_id == second.person_id else "first"
        answered = asking.answer(
            town.authority, asked.pk, asking.key_of(asked.pk, side), first.person_id, account.pk, yes=True
        )
        assert answered.left == ""
        Case.objects.filter(pk=second.pk).update(person=second.person_id)
        assert sweeping.sweep() == 1
        flagging.flag(first.person_id, third.person_id, town.agent, why="même adresse")
        excluding.exclude(third.person_id, stranger, town.agent)
        assert export.document(of_case(Case.objects.get(pk=second.pk)))["tables"]["matching.Merge"]["rows"]
        with scope.of_task("test"):
            everything = {table: len(rows(f"SELECT 1 FROM {table}")) for table in SEALED}
        assert all(everything.values()), everything
        with subtests.test("nobody, out of our program"), outside() as bare:
            for table in SEALED:
                assert bare.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
                assert bare.execute(f"DELETE FROM {table}").rowcount == 0
        blind = (
            ("an agent", scope.of_agent(town.agent)),
            ("a task of another authority", scope.of_task("test", authority=elsewhere.authority.pk)),
        )
        for who, seen in blind:
            with subtests.test(who), seen:
                assert not any(rows(f"SELECT 1 FROM {table}") for table in SEALED)
                for table in SEALED:
                    assert refused(lambda table=table: rows(f"DELETE FROM {table} RETURNING id")), table
        with subtests.test("the person it speaks of reads, and writes nothing"), scope.of_person(second.person_id):
            assert len(rows("SELECT 1 FROM matching_asking")) == len(rows("SELECT 1 FROM matching_merge")) == 1
            assert rows("SELECT 1 FROM matching_exclusion") == rows("SELECT 1 FROM matching_suspicion") == []
            assert refused(lambda: rows("UPDATE matching_asking SET state = 'over' RETURNING id"))
        with subtests.test("undone"):
            with scope.of_task("test"):
                (merge,) = rows("SELECT id FROM matching_merge")
            merging.unmerge(merge, town.agent)
            assert Case.objects.get(pk=second.pk).person_id == second.person_id
