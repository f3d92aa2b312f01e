from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from etoile.contract.envelope import Event
from etoile.hub.journal.models import Message
from etoile.hub.registry import directory
from etoile.hub.routing.services import ConflictError, accept, accept_many
from tests.hub.conftest import submission, token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("town", "emptied")]
THREADS = 6


def together(jobs) -> list:
    """Run the jobs at the same moment, each in a thread with its own connection."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(60)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def accepted(*events: Event, application: str = "gru"):
    with transaction.atomic(), connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        return accept_many(cursor, events, application=snapshot.application(application), snapshot=snapshot)


def test_the_same_event_from_several_threads_is_accepted_once() -> None:
    event = submission()
    answers = [each for (each,) in together([lambda: accepted(event)] * THREADS)]
    assert sorted(each.duplicate for each in answers) == [False] + [True] * (THREADS - 1)
    assert len({each.message_id for each in answers}) == 1
    assert Message.objects.filter(event_id=event.id).count() == 1


def test_of_two_contents_under_one_key_one_wins_and_the_other_is_told() -> None:
    event = submission()

    def attempt(content: Event):
        try:
            return accepted(content)[0].duplicate
        except ConflictError:
            return "conflict"

    told = together([lambda: attempt(event), lambda: attempt(submission(id=event.id))])
    assert sorted(map(str, told)) == ["False", "conflict"]


def test_batches_that_cross_their_subjects_do_not_deadlock() -> None:
    subjects = [f"case/{letter}" for letter in "abcdefgh"]
    batches = [[submission(subject=subject) for subject in order] for order in (subjects, subjects[::-1]) * 3]
    answers = together([lambda batch=batch: accepted(*batch) for batch in batches])
    assert sum(len(each) for each in answers) == 6 * len(subjects)


def test_positions_of_a_subject_follow_the_order_of_the_commits() -> None:
    """A second acceptance waits for the first one to commit: nobody can overtake within a subject."""
    subject = "case/one"
    first, second = submission(subject=subject), submission(subject=subject)
    started = Barrier(2)

    def slow():
        with transaction.atomic(), connection.cursor() as cursor:
            snapshot = directory.current(cursor)
            answer = accept(cursor, first, application=snapshot.application("gru"), snapshot=snapshot)
            started.wait(60)
            cursor.execute("SELECT pg_sleep(0.3)")
        return answer.message_id

    def quick():
        started.wait(60)
        return accepted(second)[0].message_id

    with ThreadPoolExecutor(2) as pool:
        order = [each.result() for each in (pool.submit(closing(slow)), pool.submit(closing(quick)))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT message_id FROM delivery_delivery WHERE subject = %s ORDER BY position", [subject])
        assert [row[0] for row in cursor.fetchall()] == order


def test_what_is_posted_at_the_same_moment_is_answered_to_its_own_poster(publish) -> None:
    bearer, events = token("gru"), [submission() for _ in range(THREADS)]
    other = submission(id=events[0].id)
    answers = together([lambda event=event: publish(event, bearer) for event in [*events, other]])
    assert sorted(answer.status_code for answer in answers) == [202] * THREADS + [409]
    told = {answer.json()["id"] for answer in answers if answer.status_code == 202}
    assert told == {str(key) for key in Message.objects.values_list("id", flat=True)}
    assert len(told) == THREADS


def test_a_connection_that_was_lost_meanwhile_is_made_again(publish) -> None:
    bearer = token("gru")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    (ended,) = together([lambda: end(mine)])
    assert ended
    assert publish(submission(), bearer).status_code == 202


def end(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 30000)", [backend])
        return cursor.fetchone()[0]


def closing(job):
    def run():
        try:
            return job()
        finally:
            connection.close()

    return run
