"""A worker like any other, but that its receiver is a file, and that it may kill itself at a step."""

import asyncio
import json
import os
import signal
import sys
import traceback
from pathlib import Path

from pydantic import BaseModel

from etoile.hub.delivery import engine
from etoile.hub.delivery.engine.nats import Address, NatsEngine
from etoile.hub.delivery.engine.postgres import PostgresEngine
from etoile.hub.worker import settling
from etoile.hub.worker.process import Worker
from etoile.sdk import Connector, Outcome
from tests.hub.engines import look_sooner


def become(sink, address=None, dies="", after=1, pause=0.002):
    """Be a worker until told to stop, or until the `after`-th passage at the step `dies`. Never returns.

    `sink`: the file in which the receiver writes a line per message. `address`: that of NATS; without, the default
    engine. `pause`: seconds the receiver takes to answer.
    """
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.stdin.close()
        chosen = NatsEngine(Address(**address | {"urls": tuple(address["urls"])})) if address else PostgresEngine()
        engine.feed = chosen.feed
        look_sooner(setattr)
        asyncio.run(_work(Path(sink), pause, Death(dies, after)))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


async def _work(sink, pause, death):
    worker = Worker({"stub": Recorder(sink, pause, death)})
    death.lurk(worker)
    await worker.run()


class Death:
    """Kills its process at one step."""

    def __init__(self, step, after):
        self._step = step
        self._left = after

    def at(self, step):
        if step and step == self._step:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def lurk(self, worker):
        """At the steps that belong to the worker itself; the receiver has the others."""
        feed = worker.dispatcher.feed
        feed.claim = self._after(feed.claim, "lent", if_given=True)
        worker._settler._record = self._after(worker._settler._record, "recorded")
        settle = settling.settle

        def recording(*arguments):
            done = settle(*arguments)
            self.at("recording")  # all is written, nothing is committed
            return done

        settling.settle = recording
        if hasattr(feed, "_relay"):
            feed._relay._publish = self._around(feed._relay._publish, "marked", "offered")
            feed._answer = self._around(feed._answer, "leased", "")

    def _after(self, work, step, if_given=False):
        async def after(*arguments, **options):
            done = await work(*arguments, **options)
            if done or not if_given:
                self.at(step)
            return done

        return after

    def _around(self, work, before, after):
        async def around(client_or_offered, given):
            something = given if before == "marked" else True
            self.at(before if something else "")
            done = await work(client_or_offered, given)
            self.at(after if something else "")
            return done

        return around


class Recorder(Connector):
    class Configuration(BaseModel, extra="allow"):
        pass

    def __init__(self, sink, pause, death):
        self._sink = sink
        self._pause = pause
        self._death = death

    async def deliver(self, event, context):
        self._death.at("sending")
        with self._sink.open("a") as file:
            file.write(json.dumps([context.idempotency_key, event.subject, event.sequence, os.getpid()]) + "\n")
        await asyncio.sleep(self._pause)
        self._death.at("received")
        return Outcome.acknowledged()
