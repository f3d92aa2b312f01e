"""What is kept of exchanges: enough to understand a failure, nothing of a person, no secret."""

import base64
import json
import re
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from etoile.contract import schemas
from etoile.contract.schemas import MESSAGE_TYPES, example
from etoile.hub.delivery import evidence
from etoile.sdk.door import Part
from etoile.sdk.exchanges import Call
from etoile.sdk.redaction import Redaction, constants
from tests.hub.delivery.conftest import SUBMITTED

SECRET = "cle-TRES-secrete-42"
URL = "https://voirie.example/api/demandes"
LINE = {"method", "url", "status", "milliseconds", "request", "response"}


def subscription(**configuration):
    return SimpleNamespace(configuration={"url": URL, **configuration}, mapping=None, secrets={"cle": SECRET})


def kept(*calls, event=None, succeeded=False, **configuration):
    return evidence.of(calls, event or example(SUBMITTED), subscription(**configuration), succeeded=succeeded)


def call(sent=None, body=b"", status=500, headers=None, answered=None, url=URL):
    return Call("POST", url, headers or {}, sent, status, answered or {}, body, None, 12)


def answered(body, **values):
    content = (
        body if isinstance(body, bytes) else json.dumps(body).encode() if not isinstance(body, str) else body.encode()
    )
    return kept(call(body=content, **values))["calls"][0]["response"]["body"]


def personal(event):
    """Every value of the event that the contract does not mark as open, as text, but the words of two letters."""
    closed = schemas.rewrite(event, "open", lambda _: None).data

    def leaves(value):
        if isinstance(value, dict | list):
            for each in value.values() if isinstance(value, dict) else value:
                yield from leaves(each)
        elif value is not None and not isinstance(value, bool):
            yield str(value)

    return set(leaves(closed))


def shapes(event):
    """The event in every shape a connector may give it, and an application may send it back."""
    raw = event.to_dict()
    flat = {f"champ{number}": value for number, value in enumerate(sorted(personal(event)))}
    soap = "".join(f"<{name}>{quote_xml(value)}</{name}>" for name, value in flat.items())
    envelope = f"<e:Envelope xmlns:e='urn:e'><e:Body nom='{quote_xml(min(flat.values()))}'>{soap}</e:Body></e:Envelope>"
    return {
        "the event": raw,
        "its bytes": event.to_json(),
        "a mapping": {"demande": flat, "liste": list(flat.values()), **dict.fromkeys(flat.values(), 1)},
        "a form": flat,
        "xml": envelope,
        "text": "; ".join(flat.values()),
        "parts": [
            Part("meta", event.to_json().decode(), filename=flat["champ0"]),
            Part("f", b"%PDF", filename="a.pdf"),
        ],
        "json cut": event.to_json()[:-20],
    }


def quote_xml(value):
    return value.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;")


SHAPES = ["the event", "its bytes", "a mapping", "a form", "xml", "text", "parts", "json cut"]


@pytest.mark.parametrize("type", MESSAGE_TYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_of_a_person_and_no_secret_is_kept_whatever_the_shape(type, shape):
    event = example(type)
    sent = shapes(event)[shape]
    echoed = (
        sent if isinstance(sent, bytes) else (sent if isinstance(sent, str) else json.dumps(sent, default=str)).encode()
    )
    basic = base64.b64encode(f"agent:{SECRET}".encode()).decode()
    told = kept(
        call(sent, echoed, headers={"Authorization": f"Basic {basic}", "X-Api-Key": SECRET, "Cookie": "s=abcdef"}),
        call(sent, f"refusé : {basic} {SECRET} Bearer abcdef.ghi".encode(), url=f"{URL}/{quote(SECRET)}?key={SECRET}"),
        call(sent, json.dumps({"detail": echoed.decode(), SECRET: 1}).encode(), answered={"Server": SECRET}),
        event=event,
    )
    text = json.dumps(told, ensure_ascii=False)
    for value in (SECRET, basic, "abcdef"):
        assert value not in text
    openly = {**event.to_dict(), "data": schemas.marked(event, "open"), "url": URL}
    words = set(re.findall(r"\w+", text)) - set(re.findall(r"\w+", json.dumps(openly, ensure_ascii=False)))
    for value in personal(event):
        assert len(value) < 4 or value not in text, value
        assert not {word for word in re.findall(r"\w+", value) if len(word) > 4} & words, value


def test_what_says_nothing_of_a_person_stays_readable():
    event = example(SUBMITTED)
    (told,) = kept(call(event.to_dict(), url=f"{URL}/{event.data['case']['reference']}"))["calls"]
    sent = json.loads(told["request"]["body"])
    assert told["url"] == f"{URL}/26-K7QM-3"
    assert (sent["id"], sent["type"], sent["subject"]) == (event.id, event.type, event.subject)
    assert sent["data"]["case"]["reference"] == "26-K7QM-3"
    assert sent["data"]["procedure"]["slug"] == "signalement-voirie"
    assert sent["data"]["applicant"]["family_name"] == "…"
    assert list(sent["data"]["answers"]) == ["category", "description", "place", "dangerous"]


def test_what_the_operator_wrote_stays_readable_unless_the_message_says_it_of_a_person():
    written = {"guichet": "GUICHET-7", "nom": "Garnier", "formule": "=event.data.applicant.email"}
    (told,) = kept(call({"a": "GUICHET-7", "b": "Garnier"}), extra=written)["calls"]
    assert json.loads(told["request"]["body"]) == {"a": "GUICHET-7", "b": "…"}
    assert list(constants(written)) == ["GUICHET-7", "Garnier"]


def test_the_application_explains_itself_in_its_own_words():
    said = {"title": "Demande refusée", "status": 422, "errors": {"telephone": ["Le format est inconnu"]}}
    assert json.loads(answered(said)) == said
    assert "Quartier inconnu" in answered("<f><faultstring>Quartier inconnu</faultstring><nom>Dupont</nom></f>")
    assert "Dupont" not in answered("<f><faultstring>Quartier inconnu</faultstring><nom>Dupont</nom></f>")
    page = "<!DOCTYPE html><html><style>p{}</style><body><h1>Accès bloqué</h1> règle 12</body></html>"
    assert answered(page) == "Accès bloqué règle 12"
    assert answered("Base indisponible") == "Base indisponible"


def test_what_the_application_says_of_others_is_not_kept():
    said = {
        "external_id": "DI-12",
        "dossier": {"nom": "Morel", "age": 41, "actif": True},
        "detail": "Voir j.morel@example.org",
    }
    assert json.loads(answered(said)) == {
        "external_id": "DI-12", "dossier": {"nom": "…", "age": "…", "actif": "…"}, "detail": "Voir …",
    }  # fmt: skip
    assert answered("appelez le 02 41 99 12 34") == "appelez le …"


def test_accents_case_and_word_order_do_not_let_a_name_through():
    assert answered("GARNIER Lucié : déjà là, rue des LAVOIRS") == "… … : déjà là, rue des …"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00",
        b'{"detail": "a\\u0000b \\ud800"}',
        b"[" * 5000,
        b"<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>",
        b"{",
    ],
)
def test_an_answer_that_makes_no_sense_is_kept_as_what_postgresql_takes(body, cursor):
    told = kept(call(body=body))
    cursor.execute("SELECT %s::jsonb", [json.dumps(told, ensure_ascii=False)])
    assert set(told["calls"][0]) == LINE


def test_a_body_is_cut_at_four_thousand_characters_and_says_so():
    long = kept(call("<a>" + "<b>x</b>" * 5000 + "</a>", b"mot " * 5000))["calls"][0]
    assert [(len(each["body"]), each["cut"]) for each in (long["request"], long["response"])] == [(4096, True)] * 2


def test_a_success_keeps_its_line_and_the_beginning_of_the_answer():
    event = example(SUBMITTED)
    number = json.dumps({"external_id": "DI-7", "note": "x" * 900}).encode()
    (told,) = kept(call(event.to_dict(), number, 201, answered={"Content-Type": "application/json"}), succeeded=True)[
        "calls"
    ]
    assert (told["method"], told["url"], told["status"], told["milliseconds"]) == ("POST", URL, 201, 12)
    assert told["request"] == {"headers": {}, "body": "", "cut": True}
    assert told["response"]["headers"] == {"content-type": "application/json"}
    assert json.loads(told["response"]["body"]) == {"external_id": "DI-7", "note": "…"}


def test_only_chosen_headers_are_kept():
    identifier = example(SUBMITTED).id
    sent = {"Content-Type": "application/json", "webhook-id": identifier, "webhook-signature": "v1,zzzz"}
    received = {"Retry-After": "120", "Set-Cookie": "session=zzzz", "Server": "nginx"}
    (told,) = kept(call(headers=sent, answered=received))["calls"]
    assert told["request"]["headers"] == {"content-type": "application/json", "webhook-id": identifier}
    assert told["response"]["headers"] == {"retry-after": "120", "server": "nginx"}


def test_no_call_no_evidence_and_no_answer_says_why():
    assert kept() is None
    refused = Call("POST", URL, {}, error="timeout", milliseconds=5000)
    (told,) = kept(refused)["calls"]
    assert (told["status"], told["error"], told["response"]["body"]) == (None, "timeout", "")


def test_a_secret_is_hidden_however_it_is_written():
    redaction = Redaction(example(SUBMITTED), None, ("mot de passe/é",))
    assert redaction.words(f"a {quote('mot de passe/é', safe='')} b mot de passe/é") == "a … b …"
