"""What an agent at the counter has begun, has ready to send, has sent; and a letter that waits for the printer."""

from django.test import Client

from etoile.gru.access.models import Account, Team
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import Channel
from etoile.gru.counter import questions
from etoile.gru.counter.models import Letter
from etoile.gru.fees import services as fees
from etoile.gru.fees.models import Fee, How
from tests.gru.conftest import log_in
from tests.gru.portal.journey import REPORT, picture

BEGIN = "/agents/saisie/demarche/signalement-voirie/"


def build(agent: Account, day: str) -> dict[str, str]:
    desk = Client()
    log_in(desk, agent)
    first, ready, sent = (begun(desk, day) for _ in range(3))
    summaries = [answered(desk, page) for page in (ready, sent)]
    desk.post(summaries[1])
    owed = Case.objects.get(pk=sent.split("/")[-3])
    fees.ask(owed.pk, agent, fees.Asked(1650, How.NOTICE, "Gardez la référence de votre demande."))
    return {
        "entry": first.split("/")[-3],
        "entry_ready": ready.split("/")[-3],
        "entered": sent.split("/")[-3],
        "question": str(asked(agent)),
        "owed_key": owed.tracking_key,
        "fee": str(Fee.objects.get(case=owed).pk),
        "letter": str(Letter.objects.latest("created_at").pk),
    }


def asked(agent: Account) -> int:
    team = Team.objects.get(authority=agent.authority, slug="services-techniques")
    questions.ask(agent, team, Channel.COUNTER, "La déchetterie est-elle ouverte le lundi ?", "Oui, de 14 h à 18 h.")
    waits = "À partir de quand la rue des Lavoirs est-elle fermée ?"
    return int(questions.ask(agent, team, Channel.PHONE, waits).pk)


def begun(desk: Client, day: str) -> str:
    given = {"channel": "mail", "received_on": day, "no_email": "on"}
    return str(desk.post(BEGIN, given)["Location"])


def answered(desk: Client, page: str) -> str:
    for name, values in REPORT.items():
        given = {**values, "photo": picture()} if name == "lieu" else values
        page = desk.post(page, {key: value for key, value in given.items() if key != "applicant_email"})["Location"]
    return page
