"""The web server killed under a stream of events, with a publisher that repeats what was not answered."""

import os
from signal import SIGKILL

from tests.crashes.machine import WEB, children
from tests.crashes.publisher import until

NUMBER, SUBJECTS = 400, 40
VICTIMS = (lambda pid: [pid], children, lambda pid: [pid, *children(pid)])


def test_every_202_of_a_web_server_killed_again_and_again_is_there_exactly_once(machine, publish, account, chance):
    """The server of the port, the process that answers behind it, or both at once."""
    moments = sorted(chance.sample(range(20, NUMBER - 40), len(VICTIMS)))
    with publish(NUMBER, SUBJECTS, threads=8) as publisher:
        for moment, victims in zip(moments, chance.sample(VICTIMS, len(VICTIMS)), strict=True):
            until(lambda moment=moment: publisher.count >= moment, f"{moment} events were answered 202")
            before = machine.pid(WEB)
            for pid in victims(before):
                os.kill(pid, SIGKILL)
            until(lambda before=before: machine.programs.states()[WEB].pid != before, "the web server is given up")
            machine.again(WEB)
    assert publisher.answers.others["lost"] >= len(VICTIMS), "the kills were not felt"
    machine.drained(publisher.subjects)
    assert account(publisher).states == {"acknowledged": NUMBER}
