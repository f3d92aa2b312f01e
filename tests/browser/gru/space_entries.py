"""« Mon espace », one line for each state: who comes in, what they find."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.accounts import profile, proofs, services, sessions
from etoile.gru.accounts.models import How, PersonAccount, PersonSession
from etoile.gru.passkeys.models import Passkey
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.gru.people.services import record_attribute
from tests.browser.gru.door_entries import left_unsent
from tests.browser.harness.pages import Entry, NoPage

EMAIL = "camille.martin@exemple.fr"
PHRASE = "quatre lavoirs bleus sans pluie"
IN = "mon-espace/connexion/"
CODE = "mon-espace/code/<uuid:proof>/"
PAGES = [
    Entry(IN),
    Entry(IN, "errors", submit="/connexion/", status=422),
    Entry("mon-espace/creer/"),
    Entry("mon-espace/creer/", "errors", submit="/creer/", status=422),
    Entry("mon-espace/oubli/"),
    Entry(CODE, "", "mon-espace/code/{proof}/"),
    Entry(CODE, "errors", "mon-espace/code/{proof}/", submit="/code/{proof}/", fill={"code": "1"}, status=422),
    Entry(CODE, "ended", "mon-espace/code/00000000-0000-4000-8000-000000000000/", status=404),
    Entry("mon-espace/", who="resident"),
    Entry("mon-espace/", "nothing yet", who="newcomer"),
    Entry("mon-espace/reprise/", who="newcomer"),
    Entry("mon-espace/reprise/", "something kept", who="resident"),
    Entry("mon-espace/ajouter/", who="resident"),
    Entry("mon-espace/ajouter/", "errors", who="resident", submit="/ajouter/", status=422),
    Entry("mon-espace/informations/", who="resident"),
    Entry("mon-espace/informations/modifier/", who="resident"),
    Entry("mon-espace/informations/modifier/", "errors", who="resident", submit="/modifier/", status=422,
          fill={"address.postal_code": "4"}),
    Entry("mon-espace/securite/", who="resident"),
    Entry("mon-espace/securite/", "with a key", who="newcomer"),
    Entry("mon-espace/securite/cles/", who="resident"),
    Entry("mon-espace/securite/cles/", "errors", who="resident", submit="/cles/", status=422),
    Entry("mon-espace/securite/cles/", "named", who="resident", submit="/cles/",
          fill={"name": "Mon téléphone", "current": PHRASE}),
    Entry("mon-espace/securite/phrase/", who="resident"),
    Entry("mon-espace/securite/phrase/", "errors", who="resident", submit="/phrase/", status=422),
    Entry("mon-espace/securite/adresse/", who="resident"),
    Entry("mon-espace/securite/adresse/", "errors", who="resident", submit="/adresse/", status=422),
    Entry("mon-espace/securite/adresse/<uuid:proof>/", "", "mon-espace/securite/adresse/{change}/", who="resident"),
    Entry("mon-espace/securite/adresse/<uuid:proof>/", "errors", "mon-espace/securite/adresse/{change}/",
          who="resident", submit="/adresse/{change}/", status=422),
    Entry("mon-espace/courriels/", who="resident"),
    Entry("mon-espace/fermer/", who="resident"),
    Entry("mon-espace/fermer/", "errors", who="resident", submit="/fermer/", status=422),
    Entry("suivi/<str:key>/", "kept by me or not", "suivi/{busy_key}/", who="newcomer"),
]  # fmt: skip
NO_PAGE = [
    NoPage("mon-espace/session/", "machine", who="resident"),
    NoPage("mon-espace/session/fin/", "post", who="resident"),
    NoPage("mon-espace/deconnexion/", "post"),
    NoPage("suivi/<str:key>/mon-espace/", "post", "suivi/{new_key}/mon-espace/", who="resident"),
    NoPage("mon-espace/securite/sessions/", "post", who="resident"),
    NoPage(
        "mon-espace/securite/cles/<int:number>/retrait/", "post", "mon-espace/securite/cles/{own_key}/retrait/",
        who="newcomer",
    ),
    NoPage("mon-espace/demandes/<uuid:case_id>/", "redirect", "mon-espace/demandes/{busy}/", who="resident"),
    NoPage("mon-espace/brouillons/<uuid:draft_id>/", "post", "mon-espace/brouillons/{draft}/", who="resident"),
]  # fmt: skip


def build(town: Authority, requests: Iterable[UUID]) -> dict[str, str]:
    """The place of a code that waits, and two people with an account."""
    camille = enter(town, EMAIL)
    keep(camille, requests)
    profile.say(camille, {"given_names": "Camille", "family_name": "Martin", "phone": "06 39 98 01 23"})
    with scope.of_person(camille.person_id):
        record_attribute(camille.person, "birth_date", "1984-05-03", level=Level.FRANCECONNECT, source="franceconnect")
    left_unsent(sessions.holder(camille), "/mon-espace/informations/modifier/", family_name="Martin de la Tour")
    lou = enter(town, "lou@exemple.fr")
    return {
        "own_key": str(key_of(lou)),
        "proof": str(proofs.ask(town, EMAIL, language="fr").pk),
        "change": str(proofs.ask(town, "cam@exemple.fr", language="fr", account=camille).pk),
    }


def enter(town: Authority, email: str) -> PersonAccount:
    proof = proofs.ask(town, email, language="fr").pk
    return services.enter(town, proof, proofs.code_of(proof), PHRASE, language="fr")


def key_of(account: PersonAccount) -> int:
    """A key that they have, of which nobody holds the other half."""
    mine = {"kind": "person", "holder": str(account.pk), "host": "localhost", "name": "Mon téléphone"}
    return Passkey.objects.create(credential=b"lou", public_key=b"", created_at=timezone.now(), **mine).pk


def keep(account: PersonAccount, requests: Iterable[UUID]) -> None:
    for each in requests:
        services.keep(account, each, How.LINK)


def cookies() -> dict[str, dict[str, str]]:
    return {"resident": cookie(EMAIL), "newcomer": cookie("lou@exemple.fr"), "settled": long_since("lou@exemple.fr")}


def long_since(email: str) -> dict[str, str]:
    """A session that was left open: what lets somebody in wants the passphrase again."""
    found = cookie(email)
    last = PersonSession.objects.filter(account__email=email).latest("opened_at")
    PersonSession.objects.filter(pk=last.pk).update(opened_at=last.opened_at - timedelta(hours=1))
    return found


def cookie(email: str) -> dict[str, str]:
    browser = Client()
    browser.post("/mon-espace/connexion/", {"email": email, "passphrase": PHRASE})
    return {settings.PERSON_COOKIE_NAME: browser.cookies[settings.PERSON_COOKIE_NAME].value}
