"""The town's own words in the messages that people receive."""

from django.urls import reverse
from tests.gru.conftest import PROCEDURE

from etoile.gru.audit.models import Entry
from etoile.gru.cases import services
from etoile.gru.forms.services import load
from etoile.gru.notices import authority_words, wording
from etoile.gru.notices.models import Notice

PAGE = reverse("administration:message", args=["status_changed"])


def said(template):
    notice = Notice.objects.filter(template=template).latest("created_at")
    return wording.say(template, notice.context)


def test_the_words_of_the_town_leave_after_they_are_checked_seen_and_saved(town, administrator, client):
    written = {"subject_fr": "Du nouveau : {{ reference }}", "body_fr": "Bonjour,\n\n{{ authority }} vous écrit."}
    wrong = client.post(PAGE, {**written, "body_en": "{{ password }}", "subject_en": "x" * 151})
    assert wrong.status_code == 422
    assert "« password »" in wrong.content.decode()
    seen = client.post(PAGE, {**written, "preview": "1"}).content.decode()
    assert "Valmont-sur-Loire vous écrit." in seen
    town.authority.refresh_from_db()
    assert town.authority.messages == {}
    assert client.post(PAGE, written).status_code == 302
    case = town.submit(authority=type(town.authority).objects.get())
    services.start(case.pk, town.agent)
    assert said("status_changed").subject == f"Du nouveau : {case.reference}"
    assert said("status_changed").paragraphs == ("Bonjour,", "Valmont-sur-Loire vous écrit.")
    client.post(PAGE, {"reset": "1"})
    # What was sent keeps its words.
    assert said("status_changed").subject == f"Du nouveau : {case.reference}"
    services.withdraw(case.pk, services.actors.person())
    assert said("status_changed").subject == f"Votre demande {case.reference} avance"
    told = list(Entry.objects.filter(action__startswith="words.").order_by("pk").values_list("action", flat=True))
    assert told == ["words.kept", "words.reset"]


def test_the_receipt_keeps_what_the_law_wants_and_a_procedure_speaks_before_the_town(town, administrator):
    keep = lambda template, **words: authority_words.keep(town.authority, template, words, by=administrator)  # noqa: E731
    keep("registration_receipt", body={"fr": "À bientôt."})
    town.submit()
    receipt = said("registration_receipt")
    assert receipt.paragraphs[-1] == "À bientôt."
    assert ("Téléphone", "02 41 00 00 01") in receipt.facts
    keep("message_received", subject={"fr": "De la ville"}, body={"fr": "Texte de la ville."})
    own = {"message_received": {"body": {"fr": "De la démarche."}}}
    version = load(town.authority, {**PROCEDURE, "messages": own})
    case = town.submit(version=version)
    services.post_message(case.pk, services.actors.agent(town.agent), "Bonjour")
    # A subject that the procedure does not write is the town's.
    assert (said("message_received").subject, said("message_received").paragraphs) == (
        "De la ville",
        ("De la démarche.",),
    )


def test_what_cannot_be_read_says_the_usual_words(town):
    for kept in ([], {"reminder": "non"}, {"reminder": {"subject": "non", "body": {"fr": ""}}}):
        town.authority.messages = kept
        assert authority_words.words_of(town.authority, "reminder") == {}
