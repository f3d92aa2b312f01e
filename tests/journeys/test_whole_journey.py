"""From the portal to the business software and back, through real processes; then the same while some are killed."""

import threading
import time

from etoile.contract.client import HubClient
from etoile.demo.journey import DOWN, Journey
from etoile.demo.known import Known
from etoile.demo.people import Operator
from etoile.demo.report import Teller
from etoile.demo.stage import OPERATOR, Stage
from tests.journeys.conftest import WITHOUT_CONTRACT


class Silent:
    def write(self, words: str) -> int:
        return len(words)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False


def played(stage: Stage) -> list:
    stage.programs.stop(f"double-{DOWN}")
    return Journey(stage, Teller(Silent())).play()


def numbers(stage: Stage, references: set[str]) -> list[str]:
    """Every number given to these requests, by all the simulated applications together."""
    return [
        item["number"]
        for name, _module in stage.DOUBLES
        for item in stage.received(name)
        if item["reference"] in references
    ]


def test_every_request_reaches_its_application_and_every_answer_its_citizen(stage):
    lines = played(stage)
    assert [line.procedure for line in lines] == [
        "inscription-evenement",
        "acte-etat-civil",
        "reservation-salle",
        "signalement-voirie",
        "inscription-periscolaire",
        "certificat-urbanisme",
    ]
    assert {line.spoken for line in lines} == {"boîte relevée", "", "REST/JSON", "SOAP", "fichiers par SFTP"}
    assert all(line.status.startswith("terminée") for line in lines)
    assert all(line.answer_ms is not None and line.answer_ms >= 0 for line in lines)
    delivered = [line for line in lines if line.application]
    assert all(line.external_number and line.delivery_ms > 0 for line in delivered)


def test_the_same_journey_loses_nothing_while_the_workers_are_killed(stage):
    stop = threading.Event()
    killed: list[str] = []

    def kill() -> None:
        for name in ("hub-worker", "gru-worker", "hub-worker", "hub-worker", "gru-worker"):
            if stop.wait(1.5):
                return
            stage.programs.kill(name)
            killed.append(name)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        lines = played(stage)
    finally:
        stop.set()
        killer.join()
    assert killed.count("hub-worker") >= 2
    assert all(line.status.startswith("terminée") for line in lines)
    references = {line.reference for line in lines if line.application}
    assert len(numbers(stage, references)) == len(references), "one number each: retried, never created twice"


def test_a_merge_is_told_to_the_application_that_has_a_contract_and_not_to_one_that_only_subscribed(stage):
    told = Known(stage, Teller(Silent())).play()
    assert told["merged_into"] and told["merged_into"] != told["person"]
    curious = HubClient(stage.hub, WITHOUT_CONTRACT, stage.secret("curious_client_secret"))
    assert curious.mailbox() == []


def test_nothing_is_left_waiting_in_the_hub(stage):
    """Accepted = acknowledged: after the journeys, no delivery is pending, retried, rejected or dead."""
    operator = Operator(stage.hub, OPERATOR, stage.secret("demo_operator_password"))
    end = time.monotonic() + 180
    while "Rien n’attend" not in operator.waiting().text:
        assert time.monotonic() < end, operator.waiting().text[-1500:]
        time.sleep(1)
    stuck = operator.browser.get(f"{operator.console}envois/?application=&state=stuck")
    assert "Rien à traiter" in stuck.text
