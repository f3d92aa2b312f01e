"""What each type keeps of an answer, what it refuses and why, what it shows: one table a type."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

TODAY = timezone.localdate()
Kept = tuple[Any, Any] | tuple[Any, Any, dict[str, Any]]


@dataclass(frozen=True)
class Table:
    """`good`: raw, kept[, settings]; `bad`: raw, words of the refusal[, settings]; `shown`: value, French, English."""

    good: list[Kept] = field(default_factory=list)
    bad: list[tuple[Any, str] | tuple[Any, str, dict[str, Any]]] = field(default_factory=list)
    shown: list[tuple[Any, str, str]] = field(default_factory=list)


def later(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


TEXTS = {
    "text": Table(
        [
            ("  Fête   du  quartier ", "Fête du quartier"),
            ("a\x00b\x07\u202ec", "abc"),
            ("   ", None),
            (["liste"], None),
        ],
        [("x" * 201, "201 caractères"), ("xx", "trop court", {"min_length": 3})],
        [(None, "", "")],
    ),
    "long_text": Table([("un\r\ndeux  \r\n\r\n", "un\ndeux")], [("x" * 2001, "2001 caractères")]),
    "formatted": Table(
        [("ab-123", "AB-123"), (" AB-123 ", "AB-123")],
        [("AB-12", "la forme demandée"), ("AB-1234", "la forme demandée"), ("A" * 300, "la forme demandée")],
    ),
    "civility": Table([("MADAME", "MADAME")], [("DOCTEUR", "dans la liste")], [("MADAME", "Madame", "Ms")]),
    "name": Table(
        [("L’Héritier-Dubois", "L'Héritier-Dubois"), ("d'Ornano", "d'Ornano"), ("Nguyễn Văn", "Nguyễn Văn")],
        [("Martin<script>", "pas permis"), ("R2D2", "pas permis"), ("-", "pas permis"), ("x" * 101, "trop long")],
    ),
    "given_names": Table([("Angela, Claire ,Louise", "Angela Claire Louise")], [("1", "pas permis")]),
    "case_link": Table([("26 k7qm 3", "26-K7QM-3"), ("26K7QM3", "26-K7QM-3")], [("26-K7", "pas complète"), ("?", "")]),
    "signature": Table(
        [
            ({"name": " Camille  Martin", "agreed": "on"}, {"name": "Camille Martin", "agreed": True}),
            ({"name": "", "agreed": None}, None),
        ],
        [
            ({"name": "Camille Martin", "agreed": ""}, "cochez la case"),
            ({"name": "", "agreed": "on"}, "écrivez vos prénoms"),
            ("<b>", "pas permis"),
        ],
        [({"name": "Camille Martin", "agreed": True}, "Signé par Camille Martin", "Signed by Camille Martin")],
    ),
    "family_member": Table(
        [
            (
                {"given_names": "Alix", "family_name": "Martin", "birth_date": "24/8/2018", "relation": "child"},
                {"given_names": "Alix", "family_name": "Martin", "birth_date": "2018-08-24", "relation": "child"},
            ),
            ({"given_names": "", "family_name": "", "birth_date": {"day": ""}, "relation": "child"}, None),
        ],
        [
            ({"given_names": "Alix", "family_name": "Martin", "birth_date": "24/8/2018"}, "choisissez le lien"),
            ({"given_names": "Alix", "family_name": "", "birth_date": "24/8/2018", "relation": "child"}, "le nom"),
            ({"given_names": "Alix", "family_name": "M", "birth_date": later(2), "relation": "child"}, "la date"),
            ({"given_names": "", "family_name": "M", "birth_date": "", "relation": "child"}, "les prénoms"),
            (
                {"given_names": "A", "family_name": "M", "birth_date": "24/8/2018", "relation": "spouse"},
                "choisissez",
                {"relations": ["child", "ward"]},
            ),
        ],
        [
            (
                {"given_names": "Alix", "family_name": "Martin", "birth_date": "2018-08-24", "relation": "child"},
                "Alix Martin\nné(e) le 24 août 2018\nEnfant",
                "Alix Martin\nborn on 24 August 2018\nChild",
            )
        ],
    ),
}

CONTACTS = {
    "email": Table(
        [
            (" Camille.MARTIN@Exemple.FR ", "Camille.MARTIN@exemple.fr"),
            ("a+b@sous.domaine.exemple.museum", "a+b@sous.domaine.exemple.museum"),
        ],
        [
            (wrong, "pas valable")
            for wrong in (
                "camille", "camille@exemple", "camille@@exemple.fr", "camille martin@exemple.fr",
                "camille..martin@exemple.fr", "a" * 65 + "@exemple.fr", "camille@exemple.fr\nBcc: x@y.fr",
            )
        ],
    ),
    "phone": Table(
        [
            ("06 39 98 01 23", "+33639980123"),
            ("+33 (0)6.39.98.01.23", "+33639980123"),
            ("0033 639980123", "+33639980123"),
            ("0690 12 34 56", "+590690123456"),
            ("+262 692 12 34 56", "+262692123456"),
            ("0692 12 34 56", "+262692123456"),
            ("+594 694 20 12 34", "+594694201234"),
            ("+596 696 20 12 34", "+596696201234"),
            ("+508 55 12 34", "+508551234"),
            ("+687 75 12 34", "+687751234"),
            ("+689 87 12 34 56", "+68987123456"),
            ("+681 72 12 34", "+681721234"),
            ("+32 470 12 34 56", "+32470123456"),
        ],
        [(wrong, "n’existe pas") for wrong in ("12345", "00 00 00 00 00", "téléphone", "+262 1")],
        [
            ("+33639980123", "06 39 98 01 23", "06 39 98 01 23"),
            ("+32470123456", "+32 470 12 34 56", "+32 470 12 34 56"),
            ("+262692123456", "+262 692 12 34 56", "+262 692 12 34 56"),
        ],
    ),
    "address": Table(
        [
            (
                {"lines": "12 rue des Tilleuls\r\n\r\nBât. B", "postal_code": "49 999", "city": " Valmont "},
                {"lines": "12 rue des Tilleuls\nBât. B", "postal_code": "49999", "city": "Valmont"},
            ),
            ({"lines": "", "postal_code": "", "city": " "}, None),
        ],
        [
            ({"lines": "", "postal_code": "49999", "city": "Valmont"}, "la voie"),
            ({"lines": "12 rue", "postal_code": "4999", "city": "Valmont"}, "code postal"),
            ({"lines": "12 rue", "postal_code": "00123", "city": "Valmont"}, "code postal"),
            ({"lines": "12 rue", "postal_code": "49999", "city": ""}, "la commune"),
            ("12 rue des Tilleuls 49999 Valmont", "code postal"),
        ],
        [
            (
                {"lines": "12 rue\nBât. B", "postal_code": "49999", "city": "Valmont"},
                "12 rue\nBât. B\n49999 Valmont",
                "12 rue\nBât. B\n49999 Valmont",
            )
        ],
    ),
    "commune": Table(
        [
            ({"name": " Valmont ", "postal_code": "49 999"}, {"name": "Valmont", "postal_code": "49999"}),
            (
                {"name": "Ajaccio", "postal_code": "20000", "insee_code": "2a004"},
                {"name": "Ajaccio", "postal_code": "20000", "insee_code": "2A004"},
            ),
            ({"name": "", "postal_code": ""}, None),
        ],
        [
            ("Valmont", "code postal"),
            ({"name": "", "postal_code": "49999"}, "le nom de la commune"),
            ({"name": "Ajaccio", "postal_code": "20000", "insee_code": "20004"}, "code INSEE"),
        ],
        [({"name": "Valmont", "postal_code": "49999"}, "Valmont (49999)", "Valmont (49999)")],
    ),
    "insee_code": Table(
        [("49 007", "49007"), ("2a004", "2A004"), ("2B033", "2B033"), ("97411", "97411"), ("98818", "98818"),
         ("99100", "99100", {"abroad": True})],
        [("20004", "2A ou 2B"), ("4900", "n’existe pas"), ("96001", "n’existe pas"), ("99100", "n’existe pas")],
    ),
    "department": Table(
        [("49", "49"), ("2a", "2A"), ("974", "974"), ("49 Maine-et-Loire", "49")],
        [("20", "dans la liste"), ("96", "dans la liste")],
        [("2B", "2B Haute-Corse", "2B Haute-Corse")],
    ),
    "country": Table(
        [("FR", "FR"), ("be", "BE"), ("Belgique", "BE")],
        [("EU", "dans la liste"), ("Atlantide", "dans la liste")],
        [("DE", "Allemagne", "Germany")],
    ),
    "place": Table(
        [
            ("devant le 12", {"text": "devant le 12"}),
            (
                {"text": "ici", "latitude": "47,3", "longitude": "-0.55"},
                {"text": "ici", "latitude": 47.3, "longitude": -0.55},
            ),
        ],
        [
            ({"text": "", "latitude": "47", "longitude": "0"}, "avec des mots"),
            ({"text": "ici", "latitude": "91", "longitude": "0"}, "position"),
            ({"text": "ici", "latitude": "47", "longitude": ""}, "position"),
            ({"text": "ici", "latitude": float("nan"), "longitude": 0.0}, "position"),
            ("x" * 301, "trop longue"),
        ],
        [({"text": "ici", "latitude": 47.3, "longitude": -0.55},
          "ici\n47.30000, -0.55000", "ici\n47.30000, -0.55000")],
    ),
    "map_point": Table(
        [
            ("47.4736, -0.5542", {"text": "", "latitude": 47.4736, "longitude": -0.5542}),
            ("47,4736 -0,5542", {"text": "", "latitude": 47.4736, "longitude": -0.5542}),
            ("devant le 12", {"text": "devant le 12"}),
        ],
        [({"text": "", "latitude": "91", "longitude": "0"}, "position"), ("x" * 301, "trop longue")],
        [({"text": "", "latitude": 47.3, "longitude": -0.55}, "47.30000, -0.55000", "47.30000, -0.55000")],
    ),
}  # fmt: skip

ORGANISATIONS = {
    "siret": Table(
        # The last is an establishment of La Poste: its digits add up to a multiple of five, the key of Luhn is wrong.
        [("732 829 320 00074", "73282932000074"), ("732.829.320.00074", "73282932000074"),
         ("35600000049837", "35600000049837")],
        [("73282932000075", "pas valable"), ("7328293200007", "13 chiffres"), ("35600000049838", "pas valable"),
         ("SIRET", "pas valable")],
        [("73282932000074", "732\u00a0829\u00a0320\u00a000074", "732\u00a0829\u00a0320\u00a000074")],
    ),
    "siren": Table(
        [("732 829 320", "732829320")],
        [("732829321", "pas valable"), ("73282932000074", "14 chiffres")],
        [("732829320", "732\u00a0829\u00a0320", "732\u00a0829\u00a0320")],
    ),
    "rna": Table(
        [("w491001234", "W491001234"), ("W2A1001234", "W2A1001234"), ("W 9R1 001 234", "W9R1001234")],
        [("W49100123", "pas valable"), ("491001234", "pas valable"), ("W4910012345", "pas valable")],
    ),
    "iban": Table(
        [
            ("fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
            ("IBAN : FR76-3000-6000-0112-3456-7890-189", "FR7630006000011234567890189"),
            ("BE68 5390 0754 7034", "BE68539007547034"),
        ],
        [
            ("FR76 3000 6000 0112 3456 7890 198", "faux ou deux sont inversés"),
            ("FR76 3000 6000 0112 3456", "27 signes"),
            ("12", "incomplet"),
        ],
        [("BE68539007547034", "BE68\u00a05390\u00a00754\u00a07034", "BE68\u00a05390\u00a00754\u00a07034")],
    ),
}  # fmt: skip

NUMBERS = {
    "integer": Table(
        [("1 250", 1250), ("1\u202f250", 1250), ("1\u00a0250", 1250), ("-3", -3), ("\u22123", -3), (7, 7)],
        [
            ("douze", "pas un nombre"),
            ("1,5", "pas un nombre"),
            ("1.250", "pas un nombre"),
            ("0", "trop petit", {"minimum": 1}),
            ("11", "trop grand", {"minimum": 1, "maximum": 10}),
            ("11", "trop grand", {"maximum": 10}),
            ("9" * 16, "pas un nombre"),
            (10**400, "trop grand"),
        ],
        [(2027, "2027", "2027"), (12500, "12\u202f500", "12\u202f500"), ("douze", "douze", "douze")],
    ),
    "decimal": Table(
        [("12,5", 12.5), ("12.5", 12.5), ("1 234,56", 1234.56), ("1.234,56", 1234.56), ("-0,05", -0.05), (3, 3.0)],
        [
            ("12,555", "trop de décimales"),
            ("12,5555", "trop de décimales", {"places": 3}),
            ("1e3", "pas un nombre"),
            ("1,2,3", "pas un nombre"),
            (float("nan"), "pas un nombre"),
            ("0,5", "trop petit", {"minimum": 1}),
            (10**400, "trop grand"),
        ],
        [(1234.5, "1\u202f234,5", "1\u202f234,5"), (2.0, "2", "2")],
    ),
    "amount": Table(
        [("12", 1200), ("12,5", 1250), ("1 234.56 €", 123456), ("0,05", 5), ("12 euros", 1200), ("1.234,56", 123456)],
        [("12,555", "pas un nombre"), ("1e3", "pas un nombre"), ("-1", "trop petit", {"minimum": 0})],
        [(123456, "1\u202f234,56\u00a0€", "1\u202f234,56\u00a0€"), (-5, "-0,05\u00a0€", "-0,05\u00a0€")],
    ),
}
