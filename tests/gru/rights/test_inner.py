"""What the PDF of « Mes données » says of a value that is kept as JSON."""

from zoneinfo import ZoneInfo

import pytest

from etoile.gru.rights.holdings import inner

CASES = [
    (
        {"level": 500, "source": "desk", "ends_on": "2026-12-01", "ended_at": "2026-11-29T10:04:37.58+00:00"},
        [
            "Degré de certitude : Justificatif officiel vu au guichet",
            "Source : ce qui est dit à un agent",
            "Jusqu’au : 1er décembre 2026",
            "Terminé le : 29 novembre 2026 à 11\u00a0h\u00a004",
        ],
    ),
    (
        {"detail": {"custody": "alternate"}},
        ["Précisions, Résidence de l’enfant : En résidence alternée"],
    ),
    (
        {"lines": "12 rue des Tilleuls", "postal_code": "49999", "city": "Valmont"},
        ["12 rue des Tilleuls, 49999 Valmont"],
    ),
    (
        [{"name": "Une photographie", "field": "photo", "to_translate": False, "indispensable": True}],
        ["Nom : Une photographie", "Indispensable : oui"],
    ),
    ({"danger": False}, ["Y a-t-il un danger ? : non"]),
    (["2026-99-99", "Trou dans la rue", 3], ["1 : 2026-99-99", "2 : Trou dans la rue", "3 : 3"]),
]


@pytest.mark.parametrize(("value", "told"), CASES)
def test_no_key_nor_code_of_ours_is_printed_for_a_person(value, told):
    names = {"danger": "Y a-t-il un danger ?"}
    assert list(inner.lines(value, names, ZoneInfo("Europe/Paris"))) == told
