"""The tables of dates, hours and choices (see `tables`)."""

from tests.gru.forms.tables import Table, later

DATES = {
    "date": Table(
        [
            ({"day": "24", "month": "8", "year": "1962"}, "1962-08-24"),
            ({"day": "24/08/1962", "month": "", "year": ""}, "1962-08-24"),
            ({"day": "1", "month": "août", "year": "1962"}, "1962-08-01"),
            ("24/08/1962", "1962-08-24"),
            ("4/8/1962", "1962-08-04"),
            ("24 8 1962", "1962-08-24"),
            ("1er février 1962", "1962-02-01"),
            ("24 Aug 1962", "1962-08-24"),
            ("1962-08-24", "1962-08-24"),
            ({"day": "29", "month": "2", "year": "2024"}, "2024-02-29"),
            ({"day": "", "month": "", "year": ""}, None),
        ],
        [
            ({"day": "31", "month": "2", "year": "2024"}, "n’existe pas"),
            ({"day": "", "month": "2", "year": "2024"}, "il manque le jour"),
            ({"day": "1", "month": "1", "year": "24"}, "quatre chiffres"),
            ("hier", "n’existe pas"),
            ("0999-01-01", "n’existe pas"),
            ("2999-01-01", "doit être passée", {"when": "past"}),
            ("1999-01-01", "doit être à venir", {"when": "future"}),
            (later(2), "la première date possible", {"min_days": 15}),
            (later(60), "la dernière date possible", {"max_days": 30}),
        ],
        [("1962-08-24", "24 août 1962", "24 August 1962")],
    ),
    "date_time": Table(
        [
            ({"day": "12", "month": "6", "year": "2027", "time": "14h30"}, "2027-06-12T14:30"),
            ("12/6/2027 à 14 h 30", "2027-06-12T14:30"),
            ("2027-06-12T14:30:00", "2027-06-12T14:30"),
            ({"day": "", "month": "", "year": "", "time": ""}, None),
        ],
        [
            ({"day": "12", "month": "6", "year": "2027", "time": ""}, "l’heure"),
            ({"day": "31", "month": "6", "year": "2027", "time": "14:00"}, "n’existe pas"),
            ({"day": "", "month": "", "year": "", "time": "14:00"}, "il manque la date"),
            ("hier", "n’existe pas"),
            ("1999-01-01T10:00", "à venir", {"when": "future"}),
        ],
        [("2027-06-12T14:30", "12 juin 2027 à 14:30", "12 June 2027 at 14:30")],
    ),
    "period": Table(
        [
            ({"start": "12/6/2027", "end": "14/6/2027"}, {"start": "2027-06-12", "end": "2027-06-14"}),
            ({"start": {"day": ""}, "end": ""}, None),
        ],
        [
            ({"start": "2027-06-12", "end": "2027-06-11"}, "précède"),
            ({"start": "2027-06-12", "end": ""}, "date de fin"),
            ({"start": "", "end": "2027-06-12"}, "date de début"),
            ({"start": "2027-06-12", "end": "2027-06-15"}, "dépasse 3 jours", {"longest": 3}),
        ],
        [
            (
                {"start": "2027-06-12", "end": "2027-06-14"},
                "du 12 juin 2027 au 14 juin 2027",
                "from 12 June 2027 to 14 June 2027",
            )
        ],
    ),
    "time_slot": Table(
        [
            (
                {"date": {"day": "12", "month": "6", "year": "2027"}, "start": "14h", "end": "18:30:00"},
                {"date": "2027-06-12", "start": "14:00", "end": "18:30"},
            ),
            ({"date": None, "start": "", "end": ""}, None),
        ],
        [
            ({"date": "2027-06-12", "start": "18:00", "end": "14:00"}, "doit suivre"),
            ({"date": "2027-06-12", "start": "14:00", "end": "14:00"}, "doit suivre"),
            ({"date": "2027-06-12", "start": "25:00", "end": "26:00"}, "l’heure"),
            ({"date": "", "start": "14:00", "end": "15:00"}, "la date"),
            ({"date": "2027-06-12", "start": "14:00", "end": ""}, "l’heure"),
        ],
        [
            (
                {"date": "2027-06-12", "start": "14:00", "end": "18:30"},
                "12 juin 2027, de 14:00 à 18:30",
                "12 June 2027, from 14:00 to 18:30",
            )
        ],
    ),
}

CHOICES = {
    "yes_no": Table(
        [("yes", True), ("no", False), (False, False)], [("peut-être", "oui ou par non")], [(False, "Non", "No")]
    ),
    "consent": Table([("on", True), ("no", None)], [("oui peut-être", "cochez cette case")]),
    "declaration": Table([(True, True)], []),
    "single_choice": Table(
        [("b", "b"), ("un avis", "un avis", {"other": True}), ("second", "b", {"other": True})],
        [
            ("z", "dans la liste"),
            ("__other__", "à côté de « Autre »", {"other": True}),
            ("x" * 201, "dans la liste", {"other": True}),
        ],
        [("a", "Premier", "First")],
    ),
    "multiple_choice": Table(
        [
            (["c", "a", "a"], ["a", "c"]),
            ("b", ["b"]),
            ([], None),
            (["un avis", "a"], ["a", "un avis"], {"other": True}),
        ],
        [
            (["a", "z"], "dans la liste"),
            (["a"], "de 2 à 3", {"minimum": 2}),
            (["a", "b", "c"], "de 0 à 2", {"maximum": 2}),
            (["a", "__other__"], "à côté de « Autre »", {"other": True}),
        ],
        [(["a", "c"], "Premier\nTroisième", "First\nTroisième")],
    ),
    "file": Table([([], None)], [(["un", "deux"], "2 fichiers", {"max_count": 1})]),
    "identity_document": Table([(["un", "deux"], ["un", "deux"])], [(["1", "2", "3"], "3 fichiers")]),
    "title": Table([("x", None)]),
    "explanation": Table([("x", None)]),
}
