"""An application that publishes: each event is said again, under the same identifiers, until it has its 202."""

import base64
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import urllib3

from etoile.contract.envelope import STRUCTURED, Event, make
from etoile.contract.identifiers import uuid7
from etoile.contract.schemas import example

TOWN = "21490999900017"
SUBMITTED = "org.etoile.case.submitted.v1"
AGAIN = 0.05
GIVES_UP = 180.0
SAMPLE = example(SUBMITTED)


@dataclass(frozen=True, slots=True)
class Told:
    """A 202: the hub's identifier of the event, and whether it said that it knew it already."""

    message_id: str
    duplicate: bool


@dataclass
class Answers:
    """What the hub answered: 202 by event, and how many of everything else ("503 application/problem+json", "lost")."""

    accepted: dict[str, list[Told]] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)


def event(subject: str, sequence: int, procedure: str) -> Event:
    data = {
        **SAMPLE.data,
        "documents": [],
        "case": {**SAMPLE.data["case"], "reference": f"{subject[-12:]}-{sequence}"},
        "procedure": {**SAMPLE.data["procedure"], "slug": procedure},
    }
    return make(SUBMITTED, source="gru", subject=subject, authority=TOWN, data=data, sequence=sequence)


class Publisher:
    """`number` events over `subjects` cases (new ones, or those given), in the order of each, by several threads."""

    def __init__(
        self,
        address: str,
        secret: str,
        *,
        number: int,
        subjects: int,
        procedure: str = "works",
        threads: int = 4,
        cases: Sequence[str] = (),
    ) -> None:
        self.subjects = list(cases or (f"case/{uuid7()}" for _ in range(subjects)))
        self.events = [event(self.subjects[each % subjects], each // subjects, procedure) for each in range(number)]
        self.answers = Answers()
        self.problems: list[BaseException] = []
        self._address, self._secret = address, secret
        self._token = ""
        self._pool = urllib3.PoolManager(maxsize=threads, retries=False, timeout=urllib3.Timeout(10))
        by_thread = [
            [e for rank, e in enumerate(self.events) if rank % subjects % threads == n] for n in range(threads)
        ]
        self._threads = [threading.Thread(target=self._say_all, args=(share,), daemon=True) for share in by_thread]

    def __enter__(self) -> "Publisher":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        if kind is None:
            self.finish()
        self._pool.clear()

    @property
    def count(self) -> int:
        """How many events have a 202."""
        return len(self.answers.accepted)

    def finish(self) -> None:
        """Wait until every event has its 202. Raises what stopped a thread."""
        for thread in self._threads:
            thread.join(GIVES_UP + len(self.events) / 20)
        if self.problems:
            raise self.problems[0]
        assert self.count == len(self.events), f"{len(self.events) - self.count} events never had their 202"

    def _say_all(self, share: Sequence[Event]) -> None:
        try:
            for each in share:
                self._say(each)
        except BaseException as problem:
            self.problems.append(problem)

    def _say(self, said: Event) -> None:
        end = time.monotonic() + GIVES_UP
        while not self._accepted(said):
            if time.monotonic() > end or self.problems:
                raise AssertionError(f"no 202 within {GIVES_UP:.0f} s; the hub answered {dict(self.answers.others)}")
            time.sleep(AGAIN)

    def _accepted(self, said: Event) -> bool:
        token = self._token or self.ask_token()
        if not token:
            return False
        headers = {"authorization": f"Bearer {token}", "content-type": STRUCTURED}
        answer = self._exchange("/v1/events", said.to_json(), headers)
        if answer is None:
            return False
        if answer.status == 202:
            raw = json.loads(answer.data)
            self.answers.accepted.setdefault(said.id, []).append(Told(raw["id"], raw["duplicate"]))
            return True
        if answer.status == 401:
            self._token = ""
        return False

    def ask_token(self) -> str:
        """An access token, "" when the hub gives none now; what it answers is kept as of any other request."""
        credentials = base64.b64encode(f"gru:{self._secret}".encode()).decode()
        headers = {"authorization": f"Basic {credentials}", "content-type": "application/x-www-form-urlencoded"}
        answer = self._exchange("/oauth/token", b"grant_type=client_credentials", headers)
        if answer is None or answer.status != 200:
            return ""
        self._token = json.loads(answer.data)["access_token"]
        return self._token

    def _exchange(self, path: str, body: bytes, headers: dict[str, str]) -> urllib3.BaseHTTPResponse | None:
        try:
            answer = self._pool.request("POST", self._address + path, body=body, headers=headers)
        except urllib3.exceptions.HTTPError:
            self.answers.others["lost"] += 1
            return None
        if answer.status not in (200, 202):
            self.answers.others[f"{path} {answer.status} {answer.headers.get('content-type', '')}"] += 1
        return answer


def until(condition: Callable[[], object], what: str, seconds: float = 180.0) -> None:
    """Wait for a condition. `what` is the sentence a failure says."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.05)
