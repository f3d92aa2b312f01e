"""Applications that are not called: one comes and takes, one is asked. Each side is killed in the middle of it."""

import threading

from etoile.contract.client import Ack, HubClient, HubUnavailable
from tests.crashes.account import in_order
from tests.crashes.machine import WEB, WORKERS, secrets_of
from tests.crashes.publisher import until

NUMBER, SUBJECTS = 80, 20


class Puller:
    """Takes, and dies before it answers: the first time, then by chance. What it answers, it answers twice."""

    def __init__(self, machine, chance):
        self.taken = []
        self.told = {}
        self._chance = chance
        self._client = HubClient(machine.address, "counter", secrets_of(machine)("counter"), timeout=5, budget=5)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._over.set()
        self._thread.join(30)
        self._client.close()

    def _run(self):
        while not self._over.is_set():
            try:
                self._turn()
            except HubUnavailable:
                continue

    def _turn(self):
        items = self._client.mailbox(limit=self._chance.randint(1, 20))
        dies = not self.taken or self._chance.random() < 0.3
        self.taken += [(each.delivery, each.event) for each in items]
        if not items:
            self._over.wait(0.05)
        elif not dies:
            acks = [Ack(each.delivery, external_id=self._number(each)) for each in items]
            self._client.acknowledge(acks)
            self._client.acknowledge(acks)

    def _number(self, item):
        """The number it gave the first time: it recognises what it has already."""
        return self.told.setdefault(item.delivery, f"C-{len(self.told) + 1}")


def test_an_application_that_takes_and_dies_is_offered_everything_again(machine, publish, account, chance):
    moment = chance.randint(10, NUMBER - 10)
    with Puller(machine, chance) as puller:
        with publish(NUMBER, SUBJECTS, procedure="counter") as publisher:
            until(lambda: publisher.count >= moment, f"{moment} events were accepted")
            machine.kill(WEB)
            machine.again(WEB)
        machine.drained(publisher.subjects)
    assert account(publisher).states == {"acknowledged": NUMBER}
    assert len(puller.taken) > NUMBER, "nothing was offered twice"
    firsts = dict(reversed(puller.taken))
    assert {event.id for event in firsts.values()} == {each.id for each in publisher.events}
    in_order([("mailbox", firsts[delivery]) for delivery in dict.fromkeys(each for each, _ in puller.taken)], "taken")
    kept = machine.query(
        "SELECT id::text, external_id FROM delivery_delivery WHERE subject = ANY(%s)", publisher.subjects
    )
    assert dict(kept) == puller.told, "a repeated answer changed the number"


def test_every_status_of_an_application_that_is_asked_comes_once_whoever_asks_is_killed(
    machine, office, receiver, publish, account, chance
):
    before = office.readings
    with publish(NUMBER, SUBJECTS, procedure="office") as publisher:
        for turn in (1, 2):
            readings = before + 5 * turn + chance.randint(0, 3)
            until(lambda readings=readings: office.readings >= readings, f"it was asked {readings - before} times")
            victim = chance.choice(WORKERS)
            machine.kill(victim)
            machine.again(victim)
    machine.drained(publisher.subjects)
    assert len(office.folders) == NUMBER, "a request was recorded twice, or never"
    until(lambda: len(told(receiver, publisher)) == 2 * NUMBER, "both statuses of every folder came")
    machine.drained(publisher.subjects)
    events = machine.query(
        "SELECT count(*), count(DISTINCT payload::jsonb -> 'data' ->> 'status') FROM journal_message"
        " WHERE subject = ANY(%s) AND source = 'office'",
        publisher.subjects,
    )
    assert events == [(2 * NUMBER, 2)], "a status was accepted twice"
    account(publisher)


def told(receiver, publisher):
    """The statuses in the books of the source, once each."""
    subjects = set(publisher.subjects)
    written = list(receiver.written.items())
    return [key for (path, key), each in written if path == "/statuses" and each.subject in subjects]
