"""The web server killed under a stream of events, with a publisher that repeats what was not answered."""

from tests.crashes.machine import WEB
from tests.crashes.publisher import until

NUMBER, SUBJECTS, KILLS = 400, 40, 2


def test_every_202_of_a_web_server_killed_again_and_again_is_there_exactly_once(machine, publish, account, chance):
    moments = sorted(chance.sample(range(20, NUMBER - 40), KILLS))
    with publish(NUMBER, SUBJECTS, threads=8) as publisher:
        for moment in moments:
            until(lambda moment=moment: publisher.count >= moment, f"{moment} events were answered 202")
            machine.kill(WEB)
            machine.again(WEB)
    assert publisher.answers.others["lost"] >= KILLS, "the kills were not felt"
    machine.drained(publisher.subjects)
    assert account(publisher).states == {"acknowledged": NUMBER}
