"""One act on many cases: each alone, each judged when its turn comes, and nothing done twice."""

import uuid

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.gru.cases.test_kills import Killed, dying_after
from tests.gru.conftest import make_agent, make_town

from etoile.gru.access.models import Account, Membership, Role
from etoile.gru.batches import queries, running, services, tasks
from etoile.gru.batches.errors import BatchError
from etoile.gru.batches.models import Batch, Item, Kind, State
from etoile.gru.cases import services as cases
from etoile.gru.cases.models import Case, History, Message
from etoile.gru.desk import labels


def goes_on():
    return False


def outcome(batch):
    return [(each.state, each.words) for each in batch.items.order_by("number")]


def test_each_act_is_done_where_it_may_be_and_refused_in_words_elsewhere(town):
    colleague = make_agent(town.authority, town.team, "pierre@valmont.example")
    fresh, ended = town.submit(), town.submit()
    cases.decide(ended.pk, town.agent, outcome="closed", reasons="Doublon.")
    foreign = make_town("21490998800012", "autre").submit()
    chosen = [fresh.pk, ended.pk, foreign.pk]
    label = labels.create(town.authority, "Lundi")
    not_theirs = ("refused", "Vous n’avez pas ce droit sur cette demande.")
    over = "Cette action n'est pas possible : la demande est classée."
    for kind, asked, expected in (
        (Kind.TAKE, {}, ("refused", over)),
        (Kind.ASSIGN, {"to": colleague.pk}, ("refused", "La demande est terminée : elle ne se confie plus.")),
        (Kind.LABEL, {"label": label.pk}, ("done", "")),
        (Kind.MESSAGE, {"body": "Le service ferme lundi."}, ("done", "")),
        (Kind.CLOSE, {"reasons": "Sans objet."}, ("refused", over)),
    ):
        batch = services.ask(town.agent, kind, chosen, asked)
        assert running.act(batch.pk, goes_on)
        assert outcome(batch) == [("done", ""), expected, not_theirs], kind
    case = Case.objects.get(pk=fresh.pk)
    assert (case.state, case.assignee) == ("closed", colleague)
    assert labels.by_case([fresh.pk]) == {fresh.pk: ["Lundi"]}
    assert Message.objects.filter(case=fresh).count() == 1
    assert "assign" in History.objects.filter(case=fresh).values_list("verb", flat=True)
    batch.refresh_from_db()
    assert (batch.state, queries.progress(batch)) == (State.DONE, queries.Progress(1, 2, 3))


def test_a_right_lost_since_it_was_asked_stops_what_is_left(town):
    batch = services.ask(town.agent, Kind.MESSAGE, [town.submit().pk], {"body": "Bonjour"})
    Account.objects.filter(pk=town.agent.pk).update(is_active=False)
    running.act(batch.pk, goes_on)
    assert outcome(batch)[0][0] == "refused"
    assert not Message.objects.exists()


def test_killed_at_any_statement_the_next_run_finishes_and_nobody_is_written_to_twice(town):
    chosen = [town.submit().pk for _ in range(2)]
    number = 0
    while True:
        number += 3
        batch = services.ask(town.agent, Kind.MESSAGE, chosen, {"body": f"Bonjour {number}"})
        with dying_after(number):
            try:
                running.act(batch.pk, goes_on)
                break
            except Killed:
                pass
        assert running.act(batch.pk, goes_on)
        assert sorted(Message.objects.filter(body=f"Bonjour {number}").values_list("case", flat=True)) == chosen
        assert Batch.objects.get(pk=batch.pk).state == State.DONE
    assert number > 20


def test_what_an_agent_stops_goes_on_when_they_say_and_a_worker_that_ends_hands_it_over(town):
    chosen = [town.submit().pk for _ in range(3)]
    batch = services.ask(town.agent, Kind.MESSAGE, chosen, {"body": "Bonjour"})
    asked = iter([False, True])
    assert not running.act(batch.pk, lambda: next(asked))
    assert queries.progress(batch).done == 1
    assert services.stop(batch)
    assert running.act(batch.pk, goes_on)
    assert queries.progress(batch).done == 1
    assert services.resume(batch)
    assert not services.resume(batch)
    running.act(batch.pk, goes_on)
    assert queries.progress(batch).done == 3
    assert Message.objects.count() == 3
    assert not services.stop(batch)


def test_a_case_that_breaks_the_act_does_not_keep_the_others(town, monkeypatch):
    broken, fine = town.submit(), town.submit()
    post = cases.post_message

    def breaking(case_id, *given):
        if case_id == broken.pk:
            raise ZeroDivisionError
        return post(case_id, *given)

    monkeypatch.setattr(cases, "post_message", breaking)
    batch = services.ask(town.agent, Kind.MESSAGE, [broken.pk, fine.pk], {"body": "Bonjour"})
    running.act(batch.pk, goes_on)
    assert [state for state, _words in outcome(batch)] == ["refused", "done"]


def test_an_act_is_for_one_case_to_five_hundred_and_an_agent_waits_for_the_first_ones(town):
    for chosen in ([], [uuid.uuid4() for _ in range(services.MOST + 1)]):
        with pytest.raises(BatchError):
            services.ask(town.agent, Kind.TAKE, chosen, {})
    for _ in range(services.WAITING):
        services.ask(town.agent, Kind.TAKE, [uuid.uuid4()], {})
    with pytest.raises(BatchError):
        services.ask(town.agent, Kind.TAKE, [uuid.uuid4()], {})


def test_one_is_not_given_what_they_do_not_treat(town):
    reader = make_agent(town.authority, town.team, "lecture@valmont.example")
    Membership.objects.filter(account=reader).update(role=Role.READER)
    batch = services.ask(town.agent, Kind.ASSIGN, [town.submit().pk], {"to": reader.pk})
    running.act(batch.pk, goes_on)
    assert outcome(batch) == [("refused", "Cet agent ne traite pas les demandes de ce service.")]


def test_the_job_of_a_work_is_queued_with_it_and_one_that_gives_up_may_be_taken_up(town):
    batch = services.ask(town.agent, Kind.TAKE, [town.submit().pk], {})
    job = ProcrastinateJob.objects.get(task_name="batches.act")
    assert (job.args, job.lock) == ({"batch_id": str(batch.pk)}, "batches.act")
    services.fail(batch.pk)
    assert services.resume(batch)
    assert ProcrastinateJob.objects.filter(task_name="batches.act").count() == 2
    assert tasks.act.name == "batches.act"
    assert Item.objects.filter(batch=batch, state="waiting").exists()
