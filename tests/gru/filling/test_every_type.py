"""The types that people meet less often, by the real pages: typed as people write, shown again, sent, published."""

from tests.gru.conftest import PROCEDURE
from tests.gru.filling.fair import asked, page

from etoile.contract.envelope import Event
from etoile.contract.schemas import violations
from etoile.gru.cases.models import Case
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.outbox.models import OutgoingEvent

POSTED = {
    "surface": "1 234,5",
    "rendez_vous.day": "12/06/2027",
    "rendez_vous.time": "14:30",
    "sejour.start.day": "1", "sejour.start.month": "juillet", "sejour.start.year": "2027",
    "sejour.end.day": "15", "sejour.end.month": "7", "sejour.end.year": "2027",
    "compteur": "ab-123",
    "compte": "fr76 3000 6000 0112 3456 7890 189",
    "association": "w491001234",
    "lieu_naissance.name": "Ajaccio", "lieu_naissance.postal_code": "20 000",
    "departement": "2A",
    "pays": "FR",
    "point.latitude": "47,4736", "point.longitude": "-0,5542",
    "enfant.given_names": "Alix", "enfant.family_name": "Martin", "enfant.birth_date.day": "24",
    "enfant.birth_date.month": "8", "enfant.birth_date.year": "2018", "enfant.relation": "child",
    "raison": "__other__", "raison.other": "Un nid de guêpes",
    "precedente": "26 k7qm 3",
    "signature.name": "Camille Martin", "signature.agreed": "on",
}  # fmt: skip
KEPT = {
    "surface": 1234.5,
    "rendez_vous": "2027-06-12T14:30",
    "sejour": {"start": "2027-07-01", "end": "2027-07-15"},
    "compteur": "AB-123",
    "compte": "FR7630006000011234567890189",
    "association": "W491001234",
    "lieu_naissance": {"name": "Ajaccio", "postal_code": "20000"},
    "departement": "2A",
    "pays": "FR",
    "point": {"text": "", "latitude": 47.4736, "longitude": -0.5542},
    "enfant": {"given_names": "Alix", "family_name": "Martin", "birth_date": "2018-08-24", "relation": "child"},
    "raison": "Un nid de guêpes",
    "precedente": "26-K7QM-3",
    "signature": {"name": "Camille Martin", "agreed": True},
}
KINDS = {
    "surface": "decimal", "rendez_vous": "date_time", "sejour": "period", "compteur": "formatted", "compte": "iban",
    "association": "rna", "lieu_naissance": "commune", "departement": "department", "pays": "country",
    "point": "map_point", "enfant": "family_member", "raison": "single_choice", "precedente": "case_link",
    "signature": "signature",
}  # fmt: skip
MORE = {
    "compteur": {
        "settings": {"pattern": "[A-Z]{2}-[0-9]{3}", "example": "AB-123", "words": "AB-123", "capitals": True}
    },
    "raison": {
        "settings": {"other": True},
        "options": [{"value": "a", "label": "Un"}, {"value": "b", "label": "Deux"}],
    },
}
SUMMARY = [
    "1\u202f234,5",
    "12 juin 2027 à 14:30",
    "du 1er juillet 2027 au 15 juillet 2027",
    "Ajaccio (20000)",
    "2A Corse",
    "né(e) le 24 août 2018",
    "Un nid de guêpes",
    "Signé par Camille Martin",
]


def test_each_is_typed_refused_kept_shown_sent_and_published(client, town, folder):
    fields = [asked(name, kind, required=True, **MORE.get(name, {})) for name, kind in KINDS.items()]
    version = load(
        town.authority, {**PROCEDURE, "slug": "tout", "pages": [page("tout", *fields), PROCEDURE["pages"][0]]}
    )
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    path = client.post("/demarches/tout/remplir/")["Location"]

    refused = client.post(path, {**POSTED, "compte": "FR76", "sejour.end.year": "2026", "raison.other": ""})
    assert refused.status_code == 422
    for words in ("IBAN est incomplet", "la date de fin précède", "à côté de « Autre »"):
        assert words in refused.text.replace("\u00a0", " ")
    assert 'value="2026"' in refused.text and 'value="Alix"' in refused.text

    following = client.post(path, POSTED)["Location"]
    shown = client.get(path).text
    assert "FR76 3000 6000 0112 3456 7890 189" in shown and 'value="1 234,5"' in shown
    last = client.post(following, {"nom": "Martin", "courriel": "camille.martin@exemple.fr", "motif": "Mariage"})[
        "Location"
    ]
    summary = client.get(last).text
    assert [words for words in SUMMARY if words not in summary] == []
    client.post(last, {})
    case = Case.objects.get()
    event = Event.from_json(OutgoingEvent.objects.get(subject=case.subject).body.encode())
    assert [each for each in violations(event) if each.pointer.startswith("/data/answers")] == []
    open_to_all = {name: value for name, value in KEPT.items() if name != "compte"}
    assert {name: event.data["answers"][name] for name in open_to_all} == open_to_all
    assert event.data["withheld"] == ["allergie", "compte"] and "compte" not in event.data["answers"]
    assert "3000" not in str(case.answers["compte"]) and "$sealed" in case.answers["compte"]
