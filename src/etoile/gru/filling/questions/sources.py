"""What is chosen in a table, and what comes through the hub. Buttons do it all; a script only saves a click."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from etoile.design.fields import FieldView, Option, RowView
from etoile.gru.filling.offers import Offer
from etoile.gru.filling.questions.base import Builder, Question, base, part_of_value, unbroken
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.linked import TYPE as LINKED
from etoile.gru.forms.fields.lookup import FETCHED, IDLE, UNAVAILABLE, Lookup, moment
from etoile.gru.forms.fields.lookup import TYPE as LOOKUP
from etoile.gru.forms.fields.quotient_familial import TYPE as QUOTIENT


def _reference(question: Question, widget: str) -> FieldView:
    """A short table is a list; a long one is searched by words, and what was found is chosen among radios."""
    value = part_of_value(question)
    options = tuple(Option(row.key, row.label, checked=row.key == value.get("key")) for row in question.offer.rows)
    name = f"{question.name}.key"
    if question.offer.searched is None and options:
        return base(question, "select", name=name, id=question.id, options=options)
    words = value.get("words") or value.get("searched") or value.get("label") or ""
    asked = _part(question, "words", _("Quelques lettres, ou plusieurs mots"), "search", value=words, id=question.id)
    note = _found(question.offer, value)
    found = [
        _part(question, "searched", "", "found", id=f"{question.id}-reponse", value=question.offer.searched, note=note)
    ]
    if options:
        chosen = {"options": options, "id": f"{question.id}-choix"}
        found.append(_part(question, "key", _("Votre réponse"), "radios", **chosen))
    # Drawn again without the box in which one types.
    answers = RowView("", f"{question.id}-trouve", "", "", tuple(found))
    return base(question, "reference", parts=(asked,), blocks=(answers,), attach=question.name)


def _found(offer: Offer, value: Any) -> str:
    """What the search gave, in words."""
    if not offer.searched or (value.get("label") and not value.get("searched")):
        return ""
    if not offer.rows:
        return _("Rien ne correspond à « %(words)s ». Essayez d’autres mots, ou moins de lettres.") % {
            "words": offer.searched
        }
    if offer.more:
        return _("Voici les %(count)d premières réponses. Ajoutez un mot pour en voir d’autres.") % {
            "count": len(offer.rows)
        }
    return ""


def _linked(question: Question, widget: str) -> FieldView:
    parts = [
        _part(
            question, level.column, level.label, "select",
            id=question.id if number == 0 else f"{question.id}-{level.column}",
            options=tuple(Option(each, each, checked=each == level.chosen) for each in level.values),
        )
        for number, level in enumerate(question.offer.levels)
    ]  # fmt: skip
    parts = parts or [_part(question, "liste", str(question.field.label), "select", id=question.id)]
    missing = len(question.offer.levels) < len(LINKED.levels(question.field))
    return base(question, "linked", parts=tuple(parts), attach=question.name if missing else "")


def told(question: Question) -> FieldView:
    """What was filled in beforehand and is only read: no control, so nothing to send in its place."""
    said = TYPES[question.field.type].summary(question.value, question.field)
    hint = _("Cette réponse a été remplie pour vous. Elle ne se modifie pas ici.")
    return base(question, "calculated", value=said, hint=hint, autocomplete="")


def _part(question: Question, name: str, label: str, widget: str, **more: Any) -> FieldView:
    return FieldView(
        name=f"{question.name}.{name}",
        label=label,
        widget=widget,
        required=question.required and widget != "search",
        part_of=question.part_of,
        **more,
    )


def _lookup(question: Question, widget: str) -> FieldView:
    """What was obtained, or why not and what to do; a choice when there are several answers."""
    value = part_of_value(question)
    kind: Lookup = LOOKUP if question.field.type == LOOKUP.name else QUOTIENT
    state, mandatory = str(value.get("state") or IDLE), kind.mandatory(question.field)
    parts = []
    if len(value.get("offered") or ()) > 1:
        parts.append(_choice(question, value))
    if kind is QUOTIENT and state == UNAVAILABLE and not mandatory:
        parts.append(_declared(question, value))
    return base(
        question,
        "lookup",
        parts=tuple(parts),
        facts=tuple((unbroken(label), said) for label, said in kind.shown(value, question.field)) if value else (),
        note=unbroken(_note(state, value, mandatory=mandatory)),
        status=state,
        needs=" ".join(sorted(kind.reads(question.field))),
        attach="" if state == FETCHED else question.name,
    )


def _note(state: str, value: Mapping[str, Any], *, mandatory: bool) -> str:
    if state == FETCHED:
        at = moment(value)
        return _("Information obtenue le %(date)s.") % {"date": at} if at else ""
    if state == IDLE:
        return _("Cette information sera demandée pour vous dès que vous aurez répondu aux questions précédentes.")
    said = [str(value.get("message") or _("Cette information n’a pas pu être obtenue."))]
    if mandatory:
        said.append(_("Elle est indispensable : réessayez dans quelques minutes, vos réponses sont gardées."))
    elif value.get("instead"):
        said.append(
            _("Vous pouvez continuer sans elle. Préparez plutôt : %(instead)s.") % {"instead": value["instead"]}
        )
    else:
        said.append(_("Vous pouvez continuer sans elle."))
    return " ".join(said)


def _choice(question: Question, value: Mapping[str, Any]) -> FieldView:
    choose = question.field.settings["choose"]
    chosen = value.get("data") if isinstance(value.get("data"), Mapping) else {}
    offered = [(str(each.get(choose["key"], "")), str(each.get(choose["label"], ""))) for each in value["offered"]]
    current = str((chosen or {}).get(choose["key"], ""))
    return FieldView(
        name=question.name,
        id=f"{question.id}-choix",
        label=_("Choisissez parmi les réponses obtenues"),
        widget="radios",
        options=tuple(Option(key, label, checked=key == current) for key, label in offered),
        part_of=question.part_of,
    )


def _declared(question: Question, value: Mapping[str, Any]) -> FieldView:
    return FieldView(
        name=question.name,
        id=f"{question.id}-valeur",
        label=_("Votre quotient familial, tel que l’attestation le dit"),
        widget="number",
        width="short",
        value="" if value.get("value") is None else value["value"],
        part_of=question.part_of,
    )


BUILDERS: dict[str, Builder] = {"reference": _reference, "linked": _linked, "lookup": _lookup, "quotient": _lookup}
