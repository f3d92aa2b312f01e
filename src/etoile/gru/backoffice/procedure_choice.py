"""Choosing among the procedures of a town, which are many: a list to pick one from, those with the most open cases
first, and boxes to tick for who wants several. Both write the same name in the address."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from etoile.design.fields import FieldView, Option, from_bound
from etoile.gru.backoffice.list_form import ListForm
from etoile.gru.cases.lists.scope import Scope
from etoile.gru.desk import labels
from etoile.gru.steering import figures

# Fewer are read at a glance: no order is better than that of their names.
MANY = 10
FIRST = 6


def fields(form: ListForm, scope: Scope) -> tuple[FieldView, FieldView]:
    """The list, and the boxes, ticked when there are several. One statement when the town has many procedures."""
    boxes = from_bound(form["demarche"])
    boxes = replace(boxes, options=tuple(sorted(boxes.options, key=lambda each: labels.as_read(each.label))))
    chosen = [each for each in boxes.options if each.checked]
    is_one = len(chosen) < 2
    empty = Option("", _("Toutes") if is_one else _("Plusieurs, cochées plus bas"), checked=not (is_one and chosen))
    options = [each if is_one else replace(each, checked=False) for each in boxes.options]
    ticked = tuple(replace(each, checked=False) for each in boxes.options) if is_one else boxes.options
    return (
        replace(boxes, widget="select", options=(empty, *_grouped(form, scope, options))),
        replace(boxes, id=f"{boxes.id}s", label=_("Démarches"), options=ticked, error=""),
    )


def _grouped(form: ListForm, scope: Scope, options: Sequence[Option]) -> Sequence[Option]:
    if len(options) <= MANY:
        return options
    slugs = {pk: slug for slug, pk in form.by_procedure.items()}
    by_slug = {each.value: each for each in options}
    often = [slugs[pk] for pk in figures.busiest(scope, most=FIRST) if slugs.get(pk) in by_slug]
    if not often:
        return options
    first = [replace(by_slug[slug], group=_("Les plus fréquentes")) for slug in often]
    return [*first, *(replace(each, group=_("Les autres")) for each in options if each.value not in often)]
