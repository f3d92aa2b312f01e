"""Values the examples are drawn from: a fictional person of a fictional town."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from etoile.design import icons
from etoile.design.calendar import month
from etoile.design.chart import Chart, Series
from etoile.design.fields import Attached, ErrorLink, FieldView, Option, RowView
from etoile.design.parts import Cell, Choice, Pages, SummaryRow, Table, Task, TimelineEntry
from etoile.design.star import Ray, Star

AT = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
DRAWINGS = ("nothing_found", "empty", "lost", "closed", "broken", "done", "calm", "pause")
YES_NO = (Option("oui", "Oui"), Option("non", "Non"))
DAYS = (
    FieldView("naissance.jour", "Jour", "number", width="tiny"),
    FieldView("naissance.mois", "Mois", "number", width="tiny"),
    FieldView("naissance.annee", "Année", "number", width="short"),
)
PERIOD = tuple(
    FieldView(
        f"sejour.{part}",
        label,
        "group",
        width="row",
        parts=tuple(replace(each, name=f"{part}.{each.name}", id=f"champ-{part}-{each.id}") for each in DAYS),
    )
    for part, label in (("debut", "Premier jour"), ("fin", "Dernier jour"))
)
POINT = (
    FieldView("lieu.text", "Description du lieu", "textarea", rows=2),
    FieldView("lieu.latitude", "Latitude", "decimal", width="short"),
    FieldView("lieu.longitude", "Longitude", "decimal", width="short"),
)
PROBLEMS = (
    Option("chaussee", "Chaussée ou trottoir", "Trou, affaissement, pavé descellé"),
    Option("eclairage", "Éclairage public", checked=True),
    Option("autre", "Autre chose"),
)


def samples() -> dict[str, Any]:
    """The context of every example."""
    return fields() | sources() | lists() | drawings()


def fields() -> dict[str, Any]:
    return {
        "text": FieldView("nom", "Nom de naissance", required=True, autocomplete="family-name"),
        "email": FieldView("courriel", "Courriel", "email", hint="Nous y envoyons votre accusé.", autocomplete="email"),
        "amount": FieldView("montant", "Montant demandé", "decimal", width="short", suffix="€"),
        "select": FieldView(
            "ecole", "École", "select", options=(Option("a", "Jean-Moulin"), Option("b", "Les Tilleuls"))
        ),
        "textarea": FieldView(
            "precisions", "Description", "textarea", hint="Ne nommez personne.", maxlength=500, rows=4
        ),
        "native_date": FieldView("jour", "Date souhaitée", "native_date"),
        "radios": FieldView("type", "Type de problème", "radios", options=PROBLEMS, required=True),
        "yes_no": FieldView("danger", "Y a-t-il un danger ?", "radios", options=YES_NO),
        "checkboxes": FieldView("jours", "Jours de présence", "checkboxes", options=PROBLEMS[:2]),
        "checkbox": FieldView("accord", "J’ai lu et j’accepte le règlement", "checkbox", required=True),
        "birth": FieldView(
            "naissance", "Date de naissance", "group", hint="Par exemple : 27 3 1987", parts=DAYS, width="row"
        ),
        "other": FieldView(
            "probleme",
            "Type de problème",
            "radios",
            options=(*PROBLEMS[:2], Option("__other__", "Autre", checked=True)),
            parts=(FieldView("probleme.other", "Votre réponse", value="Un nid de guêpes", maxlength=200),),
        ),
        "code": FieldView("rna", "Numéro RNA de l’association", "code", hint="Par exemple : W491001234"),
        "period": FieldView("sejour", "Période du séjour", "group", parts=PERIOD),
        "point": FieldView("lieu", "Où est-ce ?", "point", parts=POINT),
        "file": FieldView(
            "photo",
            "Photo du problème",
            "file",
            hint="JPEG ou PNG, 10 Mo au plus, 3 fichiers au plus.",
            multiple=True,
            parts=(FieldView("photo.lighten", "Alléger mes photos", "checkbox"),),
        ),
        "attached": FieldView("acte", "Justificatif", "file", attached=(Attached("justificatif.pdf", 480_000, "1"),)),
        "wrong": FieldView(
            "tel", "Téléphone", "tel", value="0199", error="Écrivez les dix chiffres, par exemple 01 99 00 00 10."
        ),
        "wrong_choice": FieldView(
            "choix", "Danger", "radios", id="champ-choix", options=YES_NO, error="Choisissez une réponse."
        ),
        "errors": [
            ErrorLink("champ-tel", "Téléphone : écrivez les dix chiffres"),
            ErrorLink("champ-choix", "Danger : choisissez"),
        ],
    }


def sources() -> dict[str, Any]:
    """What is chosen in a table of the town, and what the hub says."""
    words = FieldView("rue.words", "Quelques lettres, ou plusieurs mots", "search", id="champ-rue", value="mari")
    found = (
        FieldView("rue.searched", "", "found", id="champ-rue-reponse", value="mari", note="Deux réponses."),
        FieldView("rue.key", "Votre réponse", "radios", id="champ-rue-choix",
                  options=(Option("1", "Impasse des Mariniers"), Option("2", "Place Marie-Curie", checked=True))),
    )  # fmt: skip
    answers = RowView("", "champ-rue-trouve", "", "", found)
    levels = tuple(
        FieldView(f"vehicule.{name}", label, "select", options=(Option(value, value, checked=True),))
        for name, label, value in (("marque", "Marque", "Renault"), ("modele", "Modèle", "Clio"))
    )
    facts = (("Rue", "Impasse des Mariniers"), ("Quartier", "Bords de Loire"))
    obtained, silent = (
        "Information obtenue le 28 novembre 2026.",
        "Personne ne répond. Vous pouvez continuer sans elle.",
    )
    return {
        "searched": FieldView("rue", "Votre rue", "reference", parts=(words,), blocks=(answers,), attach="rue"),
        "linked": FieldView("vehicule", "Votre véhicule", "linked", parts=levels, attach="vehicule"),
        "obtained": FieldView("voie", "Votre rue", "lookup", facts=facts, note=obtained, status="fetched"),
        "silent": FieldView("qf", "Quotient familial", "lookup", note=silent, status="unavailable", attach="qf"),
        "waiting": FieldView(
            "secteur", "École du secteur", "lookup", note="Répondez d’abord à la question.", attach="secteur"
        ),
    }


def lists() -> dict[str, Any]:
    first = date(2026, 6, 1)
    free = {first + timedelta(days=days): f"?jour={days + 1}" for days in (3, 4, 9, 10, 11, 16, 18, 23)}
    rows = [
        [Cell("26-K7QM-3", "#tableau"), Cell("Acte de naissance"), Cell("Reçue", tone="info"), Cell("3", numeric=True)],
        [
            Cell("26-XDCD-8", "#tableau"),
            Cell("Salle municipale"),
            Cell("En cours", tone="progress"),
            Cell("1", numeric=True),
        ],
        [Cell("26-RCZ8-5", "#tableau"), Cell("Voirie"), Cell("Terminée", tone="success"), Cell("12", numeric=True)],
    ]
    return {
        "yesterday": timezone.now() - timedelta(days=1),
        "steps": ["Reçue", "En cours d’examen", "Réponse"],
        "tasks": [
            Task("Vos coordonnées", "Fait", "success", "#taches"),
            Task("L’enfant à inscrire", "À compléter", "warning", "#taches", "Il manque sa date de naissance."),
            Task("Les pièces", "À faire", "neutral", "#taches"),
            Task("Vérifier et envoyer", "Plus tard", "neutral"),
        ],
        "summary": [
            SummaryRow("Nom", ["Camille Martin"], "#recapitulatif"),
            SummaryRow("Adresse", ["12 rue des Tilleuls", "49999 Bourg-sur-Eau"], "#recapitulatif"),
            SummaryRow("Téléphone", change_href="#recapitulatif"),
        ],
        "entries": [
            TimelineEntry("Réponse attendue", AT + timedelta(days=30), is_future=True),
            TimelineEntry("Prise en charge", AT + timedelta(hours=5), "Service de l’état civil", "progress"),
            TimelineEntry("Demande reçue", AT, tone="success", author="Portail"),
        ],
        "tabs": [
            Choice("À traiter", "#onglets", here=True, count=4),
            Choice("Nouvelles", "#onglets", count=2),
            Choice("Toutes", "#onglets"),
        ],
        "chips": [
            Choice("Toutes", "#puces", here=True),
            Choice("Enfance", "#puces", icon="family"),
            Choice("Voirie", "#puces", icon="road"),
        ],
        "table": Table("Vos demandes", ["Référence", "Démarche", "État", "Pièces"], rows),
        "pages": Pages("#pages", "#pages", "26 à 50"),
        "month": month(
            first,
            free=free,
            full={first + timedelta(days=7)},
            today=first,
            chosen=first + timedelta(days=10),
            previous_href="#calendrier",
            next_href="#calendrier",
        ),
    }


def drawings() -> dict[str, Any]:
    weeks = ["S 20", "S 21", "S 22", "S 23", "S 24", "S 25"]
    received, answered = [12, 18, 9, 22, 26, 17], [10, 15, 12, 18, 24, 19]
    rays = [
        Ray("Démarches en ligne", "#etoile", "tout va bien", outward=43, inward=14),
        Ray("Urbanisme", "#etoile", "tout va bien", outward=8, inward=6),
        Ray("Voirie", "#etoile", "3 envois à traiter", "danger", "cross", outward=21, inward=3, outward_line="broken",
            spoken="REST/JSON", waits="4 attendent", volumes="21 reçus, 3 émis"),
    ]  # fmt: skip
    return {
        "chart": Chart(
            "Demandes par semaine",
            "Un pic la semaine 24.",
            weeks,
            [Series("Reçues", received), Series("Répondues", answered, 2)],
        ),
        "chart_table": Table(
            "Demandes par semaine",
            ["Semaine", "Reçues", "Répondues"],
            [
                [Cell(week), Cell(str(a), numeric=True), Cell(str(b), numeric=True)]
                for week, a, b in zip(weeks, received, answered, strict=True)
            ],
        ),
        "star": Star("Hub", "L’étoile", "Trois applications autour du hub.", rays),
        "icon_names": sorted(icons.NAMES),
        "drawing_names": DRAWINGS,
    }
