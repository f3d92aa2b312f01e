"""One person of one's sectors: looked for by two things known of them, read, attested. Each is in the audit log;
whoever is not of one's sectors does not exist."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.parts import Cell, Table
from etoile.gru.audit import persons as audit
from etoile.gru.backoffice.guard import right_required
from etoile.gru.backoffice.people import reading, tie_reading
from etoile.gru.backoffice.people.forms import Certify, Search
from etoile.gru.people import certifying, figures, queries, search
from etoile.gru.people.models import Person
from etoile.gru.people.words import label, lines, name_of


@sensitive_post_parameters()
@right_required("cases.read")
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    form = Search(request.POST or None)
    shown: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            found = search.search(request.user, form.criteria)
        except search.SearchRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            shown |= {"found": found, "table": _table(found), "count": _count(found)}
    return render(request, "backoffice/people/search.html", shown, status=422 if form.errors else 200)


def _count(found: search.Found) -> str:
    if found.too_many:
        return _("Plus de %(most)d personnes répondent : aucune n’est montrée. Ajoutez un critère.") % {
            "most": search.MOST
        }
    number = len(found.persons)
    return ngettext("%(number)d personne", "%(number)d personnes", number) % {"number": number}


def _table(found: search.Found) -> Table | None:
    rows = []
    for person in found.persons:
        known = found.attributes[person.pk]
        address = ", ".join(lines("address", known["address"].value)) if "address" in known else "–"
        born = str(known["birth_date"].value) if "birth_date" in known else "–"
        href = reverse("backoffice:person", args=[person.pk])
        rows.append([Cell(name_of(known), href=href), Cell(born), Cell(address)])
    return Table(_("Personnes"), [_("Personne"), _("Née le"), _("Adresse")], rows) if rows else None


@right_required("cases.read")
@require_safe
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    person = person_of(request, pk)
    if person.merged_into_id is not None:
        # Addresses kept elsewhere lead to the file in use.
        return redirect("backoffice:person", person.merged_into_id)
    known = queries.attributes(person.pk)
    audit.note_reading(authority=person.authority_id, by=request.user, person_id=person.pk)
    may = certifying.may_certify(request.user, person)
    return render(
        request,
        "backoffice/people/person.html",
        {
            "person": person,
            "name": name_of(known),
            "known": reading.attributes(person, known, may_certify=may),
            "cases": reading.cases(person, request.user),
            "history": reading.history(person),
            "readings": reading.readings(person),
            "ties": tie_reading.panel(person),
            "may_tie": may,
        },
    )


@sensitive_post_parameters()
@right_required("people.certify")
@require_http_methods(["GET", "HEAD", "POST"])
def certify(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """What the page shows is what is attested: a value that changed since is read again first."""
    person = person_of(request, pk)
    known = queries.attributes(person.pk)
    if key not in known or key not in certifying.CERTIFIABLE or not certifying.may_certify(request.user, person):
        raise Http404
    seen = known[key]
    form = Certify(request.POST or None, key=key, said=" ".join(lines(key, seen.value)))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if request.POST.get("seen") != _mark(seen):
                raise certifying.CertifyRefused(_("Cette information a changé entre-temps. Relisez-la."))
            certifying.certify(
                person,
                key,
                request.user,
                level=given["proof"],
                seen=seen.value,
                value=given.get("value", ""),
                until=given["until"],
            )
        except certifying.CertifyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est attesté : « %(what)s ».") % {"what": label(key)})
            return redirect("backoffice:person", pk)
    shown = {
        "form": form,
        "person": person,
        "name": name_of(known),
        "label": label(key),
        "lines": lines(key, seen.value),
        "level": seen.level_now.label,
        "seen": _mark(seen),
    }
    return render(request, "backoffice/people/certify.html", shown, status=422 if form.errors else 200)


def _mark(seen: Any) -> str:
    return f"{seen.pk}/{seen.certified_at.isoformat()}"


@right_required("people.figures")
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    counted = figures.latest(request.user.authority)
    return render(
        request, "backoffice/people/quality.html", {"counted": counted, "table": _lines(counted) if counted else None}
    )


def _lines(counted: figures.Figures) -> Table:
    rows = [
        [
            Cell(label(each.key)),
            Cell(_("%(part)d %%") % {"part": each.coverage}, numeric=True, note=str(each.persons)),
            Cell(str(each.level) if each.persons else "–", numeric=True),
            Cell(str(each.expired), numeric=True),
            Cell(str(figures.WEIGHTS[each.key]), numeric=True),
        ]
        for each in counted.lines
    ]
    columns = [_("Information"), _("Connue de"), _("Niveau moyen"), _("Expirée"), _("Poids")]
    return Table(_("Ce qui est su, et de quelle source"), columns, rows)


def person_of(request: HttpRequest, pk: uuid.UUID) -> Person:
    """Of the scope in force, else there is no such page."""
    found = Person.objects.select_related("authority").filter(pk=pk, authority=request.user.authority_id).first()
    if found is None:
        raise Http404
    return found
