"""The last scene of the guided journey: somebody makes herself known, is two records for a while, and one application
learns which of them is kept, no more than its contract says."""

from dataclasses import dataclass, replace
from typing import Any

from etoile.demo.answers import Request, event, person
from etoile.demo.browser import Page, VisitError, until
from etoile.demo.people import Agent, Citizen, said
from etoile.demo.report import Teller
from etoile.demo.stage import FACTOR, Stage

AGENT = "charlie.garnier@valmont-sur-loire.example"
APPLICATION = "vie_locale"
# Of the simulated FranceConnect.
CHOSEN, FAMILY, GIVEN, EMAIL = "angela", "Dubois", "Angela Claire", "angela.dubois@courriel.example"
# What the contract of the application reads (`town.yaml`).
READS = {"family_name", "given_names", "email"}
PATIENCE = 30.0


@dataclass
class Known:
    """Plays the scene on a stage that is up, with FranceConnect. `play` returns what the application knows of the
    record that was merged, or raises VisitError."""

    stage: Stage
    teller: Teller

    def play(self) -> dict[str, Any]:
        self.teller.chapter("6. Une personne, deux fiches : un agent les réunit, l’application l’apprend")
        with self.teller.step("Angela Dubois ouvre son espace par FranceConnect (simulé)"):
            angela = Citizen(self.stage.gru)
            self.enter(angela)
        with self.teller.step("elle s’inscrit à une réunion : son nom est déjà écrit"):
            angela.file(nameless(event()))
        with self.teller.step("plus tard, elle s’inscrit encore, sans se connecter : une seconde fiche"):
            other = Citizen(self.stage.gru).file(replace(event(), typed=event().typed | person(FAMILY, GIVEN, EMAIL)))
        with self.teller.step("un agent compare les deux fiches et les réunit"):
            self.stage.manage("gru", "gru_duplicates", "now")
            self.merge()
        with self.teller.step("Vie locale apprend quelle fiche est gardée, et rien que son contrat ne dise"):
            item = until(lambda: self.received(other.reference), seconds=PATIENCE, what=f"remise de {other.reference}")
            self.stage.manage("gru", "gru_contract", "tell")
            applicant = item["payload"]["applicant"]["person"]
            told = until(lambda: self.told(applicant), seconds=PATIENCE, what="la fusion, chez Vie locale")
            beyond = set(told["attributes"]) - READS
            if beyond:
                raise VisitError(f"Vie locale a reçu ce que son contrat ne lit pas : {', '.join(sorted(beyond))}.")
        self.teller.note(f"{told['person'][:12]}… est désormais {told['merged_into'][:12]}…")
        return told

    def enter(self, citizen: Citizen) -> None:
        door = citizen.browser.get(f"{self.stage.gru}/mon-espace/connexion/")
        choice = citizen.browser.submit(door, door.form(action="/identite/franceconnect/"))
        space = citizen.browser.submit(choice, choice.form(having="person"), button=("person", CHOSEN))
        if not space.url.startswith(f"{self.stage.gru}/mon-espace/"):
            raise VisitError(f"FranceConnect n’ouvre pas l’espace : {said(space)}")

    def merge(self) -> Page:
        agent = Agent(self.stage.gru, AGENT, self.stage.secret("demo-agent-password"), self.stage.secret(FACTOR))
        listed = agent.browser.get(f"{agent.home}personnes/doublons/")
        pair = agent.browser.get(listed.link(FAMILY))
        taken = agent.browser.submit(pair, pair.form(action="/prise/"))
        done = agent.browser.submit(taken, taken.form(action="/decision/"), button=("same", "1"))
        if done.status != 200 or "en vigueur" not in done.text:
            raise VisitError(f"La fusion n’est pas faite : {said(done)}")
        return done

    def received(self, reference: str) -> dict[str, Any] | None:
        return next((each for each in self.stage.received(APPLICATION) if each["reference"] == reference), None)

    def told(self, identifier: str) -> dict[str, Any] | None:
        known = self.stage.read_json(f"{self.stage.double(APPLICATION)}/_double/people")
        return next((each for each in known if each["person"] == identifier and each["merged_into"]), None)


def nameless(request: Request) -> Request:
    """Without what FranceConnect says: neither the name nor the e-mail address is typed, yet both are required."""
    known = {"applicant_family_name", "applicant_given_names", "applicant_email", "applicant_civility"}
    return replace(request, typed={name: value for name, value in request.typed.items() if name not in known})
