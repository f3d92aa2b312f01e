"""The guided journey: what is announced is looked for in real pages, states and letters; missing is a failure."""

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from etoile.demo.answers import pdf, requests
from etoile.demo.browser import Page, VisitError, until
from etoile.demo.people import Agent, Citizen, Filed, Operator
from etoile.demo.report import Line, Teller
from etoile.demo.stage import FACTOR, OPERATOR, Stage

AGENT = "alix.moreau@valmont-sur-loire.example"
DOUBLE_OF = {
    "services-famille": "famille",
    "services-techniques": "techniques",
    "urbanisme": "urbanisme",
    "vie-locale": "vie_locale",
}
# How the hub speaks to each, in the words of the demonstration.
SPOKEN = {
    "services-famille": "SOAP",
    "services-techniques": "REST/JSON",
    "urbanisme": "fichiers par SFTP",
    "vie-locale": "boîte relevée",
}
DOWN = "techniques"
PATIENCE = 90.0
FINAL_WORD = "terminée"


def today() -> date:
    return datetime.now(tz=UTC).date()


@dataclass
class Journey:
    """Plays the five scenes on a stage that is up. `play` returns the lines of the end, or raises VisitError."""

    stage: Stage
    teller: Teller
    filed: list[Filed] = field(default_factory=list)
    delivered: dict[str, dict[str, Any]] = field(default_factory=dict)

    def play(self) -> list[Line]:
        self.file_everything()
        self.receipts()
        self.one_application_is_down()
        self.deliveries()
        self.agent_decides()
        self.answers()
        return [self.line(each) for each in self.filed]

    def file_everything(self) -> None:
        self.teller.chapter("1. Six usagers font leur demande sur le portail")
        self.citizen = Citizen(self.stage.gru)
        for request in requests(today()):
            with self.teller.step(f"{request.slug} : formulaire rempli, récapitulatif relu, demande envoyée"):
                self.filed.append(self.citizen.file(request))
            self.teller.note(f"référence {self.filed[-1].reference}")

    def receipts(self) -> None:
        with self.teller.step("six accusés d’enregistrement reçus par courriel"):
            for filed in self.filed:
                until(lambda filed=filed: self.letters(filed), seconds=PATIENCE, what=f"courriel de {filed.reference}")

    def letters(self, filed: Filed, *, since: float = 0.0) -> list[dict[str, Any]]:
        email = filed.request.typed["applicant_email"]
        return [
            letter
            for letter in self.stage.letters()
            if letter["to"] == email
            and letter["received_at"] > max(since, filed.submitted_at)
            and filed.reference in letter["subject"] + letter["text"]
        ]

    def one_application_is_down(self) -> None:
        self.teller.chapter("2. Un logiciel métier est arrêté : la demande attend dans le hub")
        waiting = [each for each in self.filed if DOUBLE_OF.get(each.request.application) == DOWN]
        operator = Operator(self.stage.hub, OPERATOR, self.stage.secret("demo_operator_password"))
        for filed in waiting:
            with self.teller.step(f"{filed.reference} est en attente dans la console du hub"):
                until(
                    lambda filed=filed: self.shown_waiting(operator, filed), seconds=PATIENCE, what="envoi en attente"
                )
        with self.teller.step("le logiciel des services techniques redémarre"):
            self.stage.programs.start(f"double-{DOWN}")
            self.stage.programs.wait_ready(f"double-{DOWN}")

    def shown_waiting(self, operator: Operator, filed: Filed) -> bool:
        page = operator.waiting().text
        return filed.reference in page and "nouvel essai prévu" in page

    def deliveries(self) -> None:
        self.teller.chapter("3. Chaque demande arrive au bon logiciel, dans sa langue, et il répond avec son numéro")
        for filed in self.filed:
            if not filed.request.application:
                continue
            application = filed.request.application
            with self.teller.step(f"{filed.reference} remise à {application} ({SPOKEN[application]})"):
                item = until(lambda filed=filed: self.item(filed), seconds=PATIENCE, what="remise au logiciel")
                if filed.request.files:
                    what = "document joint reçu"
                    item = until(lambda filed=filed: self.documents(filed), seconds=PATIENCE, what=what)
            self.delivered[filed.reference] = item
            self.teller.note(f"numéro {item['number']}" + received_documents(item))

    def item(self, filed: Filed) -> dict[str, Any] | None:
        found = [
            each
            for each in self.stage.received(DOUBLE_OF[filed.request.application])
            if each["reference"] == filed.reference
        ]
        if len(found) > 1:
            raise VisitError(f"{filed.reference} a été créée {len(found)} fois chez {filed.request.application}.")
        return found[0] if found else None

    def documents(self, filed: Filed) -> dict[str, Any] | None:
        """The item, once every document given by the citizen is there, byte for byte."""
        item = self.item(filed)
        given = {hashlib.sha256(content).hexdigest() for _, content, _ in filed.request.files.values()}
        return item if item and given <= {row["sha256"] for row in item["documents"]} else None

    def agent_decides(self) -> None:
        self.teller.chapter("4. Une démarche sans logiciel métier : un agent la traite")
        filed = next(each for each in self.filed if not each.request.application)
        with self.teller.step("l’agent d’état civil se connecte et ouvre la demande"):
            agent = Agent(self.stage.gru, AGENT, self.stage.secret("demo-agent-password"), self.stage.secret(FACTOR))
            page = agent.open(filed.reference)
        with self.teller.step("il demande une pièce ; l’usager est prévenu"):
            asked_at = time.time()
            limit = (today() + timedelta(days=30)).isoformat()
            asked: dict[str, str | list[str]] = {
                "pieces-item_1": "Justificatif de domicile de moins de six mois",
                "pieces-deadline": limit,
            }
            agent.act(page, "pieces", "/pieces/", asked)
            until(lambda: self.letters(filed, since=asked_at), seconds=PATIENCE, what="courriel demandant la pièce")
        with self.teller.step("l’usager la dépose depuis sa page de suivi"):
            after = self.citizen.provide(filed, "justificatif.pdf", pdf("Justificatif fictif"), "application/pdf")
            if "justificatif.pdf" not in after.text:
                raise VisitError(f"La page de suivi ne montre pas la pièce déposée : {after.text[-300:]}")
        with self.teller.step("l’agent la reçoit et accepte la demande ; l’usager est prévenu"):
            page = agent.open(filed.reference)
            if "justificatif.pdf" not in page.text:
                raise VisitError("L’agent ne voit pas la pièce déposée.")
            decided_at = time.time()
            agent.act(page, "decider", "/decision/", {"decision-outcome": "accepted"})
            letter = until(lambda: self.letters(filed, since=decided_at), seconds=PATIENCE, what="courriel de décision")
        self.delivered[filed.reference] = {"number": "", "changed_at": decided_at * 1000}
        self.teller.note(f"courriel : {letter[-1]['subject']}")

    def answers(self) -> None:
        self.teller.chapter("5. Les réponses des logiciels reviennent ; les usagers sont prévenus")
        for filed in self.filed:
            with self.teller.step(f"{filed.reference} : réponse lue sur la page de suivi, courriel reçu"):
                what = f"réponse à {filed.reference}"
                until(lambda filed=filed: self.final(filed), seconds=PATIENCE, what=what, pause=1.0)

    def final(self, filed: Filed) -> bool:
        item = self.item(filed) if filed.request.application else self.delivered[filed.reference]
        page = self.citizen.follow(filed)
        state = state_of(page)
        if item is None or FINAL_WORD not in state:
            return False
        self.delivered[filed.reference] = {**item, "state": state}
        number_shown = not filed.request.application or str(item["number"]) in page.text
        return number_shown and bool(self.letters(filed, since=item["changed_at"] / 1000))

    def line(self, filed: Filed) -> Line:
        item = self.delivered[filed.reference]
        received = item.get("received_at")
        answered = item["changed_at"] / 1000
        told = min(letter["received_at"] for letter in self.letters(filed, since=answered))
        return Line(
            procedure=filed.request.slug,
            reference=filed.reference,
            application=filed.request.application,
            spoken=SPOKEN.get(filed.request.application, ""),
            external_number=str(item["number"]),
            status=item["state"],
            delivery_ms=received - filed.submitted_at * 1000 if received else None,
            answer_ms=(told - answered) * 1000,
        )


def received_documents(item: dict[str, Any]) -> str:
    names = [row["name"] for row in item["documents"] if row["sha256"]]
    return f", pièce reçue : {', '.join(names)}" if names else ""


def state_of(page: Page) -> str:
    """The state in plain words: the title of a tracking page is « Demande 26-K7QM-3 : En cours – Town »."""
    _head, found, rest = page.title.partition(" : ")
    return rest.rpartition(" – ")[0].lower() if found else ""
