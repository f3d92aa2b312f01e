"""The accessibility statement as an administrator types it: one line per item, dates as dates, the rest is counted."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import Plain, day, line, lines
from etoile.design.statement.record import LISTS

# Place in the record -> field of the form. What has the same name on both sides is not repeated.
PLACES = {
    "audit": "conforming",
    "audit.day": "audit_day",
    "audit.auditor": "auditor",
    "audit.conforming": "conforming",
    "audit.failing": "failing",
    "audit.not_applicable": "not_applicable",
    "audit.pages": "pages",
    "audit.pages.title": "pages",
    "audit.pages.address": "pages",
    "audit.pages.conforming": "pages",
    "audit.pages.failing": "pages",
    "contact.email": "email",
    "scheme": "scheme_until",
    "scheme.address": "scheme_address",
    "scheme.from": "scheme_from",
    "scheme.until": "scheme_until",
    "year_plan": "year_plan_until",
    "year_plan.address": "year_plan_address",
    "year_plan.from": "year_plan_from",
    "year_plan.until": "year_plan_until",
}
COUNTS = ("conforming", "failing", "not_applicable")


def _line(label: Any, hint: Any = "") -> forms.CharField:
    return line(label, hint=hint, most=300)


def _items_of(label: Any, hint: Any) -> forms.CharField:
    return lines(label, hint=hint, rows=4, most=20_000)


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=106)


class StatementForm(Plain):
    """Only the shape is checked here: what the mandatory format wants is `statements.publish`'s."""

    name = _line(_("Nom du site"), _("Tel qu’il est lu dans la déclaration. Exemple : Portail des usagers"))
    address = _line(_("Adresse du site"), _("Exemple : demarches.ville.fr"))
    declared_on = day(
        _("Date de la déclaration"), hint=_("Aujourd’hui, sauf si vous corrigez une ancienne déclaration.")
    )
    email = forms.EmailField(label=_("Courriel pour signaler un défaut"), required=False, max_length=254)
    phone = _line(_("Téléphone pour signaler un défaut"))
    audit_day = day(
        _("Date de l’audit"), hint=_("Laissez vide si aucun audit n’a été fait : la mention reste « non conforme ».")
    )
    auditor = _line(_("Personne ou société qui a fait l’audit"))
    conforming = _number(_("Critères respectés"))
    failing = _number(_("Critères non respectés"))
    not_applicable = _number(_("Critères non applicables"))
    pages = _items_of(
        _("Pages vérifiées"),
        _(
            "Une page par ligne : titre | adresse | critères respectés | critères non respectés."
            " Les nombres sont facultatifs."
        ),
    )
    reference_changed_on = day(
        _("Date d’un nouveau référentiel"),
        hint=_("À remplir si une nouvelle version du RGAA est parue depuis l’audit."),
    )
    non_conformities = _items_of(_("Non-conformités"), _("Une par ligne : ce qui manque, et ce que cela empêche."))
    derogations = _items_of(
        _("Dérogations pour charge disproportionnée"), _("Une par ligne, avec l’autre solution offerte.")
    )
    exempted = _items_of(_("Contenus non soumis à l’obligation"), _("Une par ligne."))
    technologies = _items_of(_("Technologies du site"), _("Une par ligne. Exemple : HTML"))
    user_agents = _items_of(_("Navigateurs du test"), _("Un par ligne. Exemple : Firefox 140"))
    assistive_technologies = _items_of(_("Technologies d’assistance du test"), _("Une par ligne. Exemple : NVDA 2025"))
    tools = _items_of(_("Outils du test"), _("Un par ligne."))
    scheme_address = _line(_("Adresse du schéma pluriannuel"), _("La page ou le document publié."))
    scheme_from = day(_("Début du schéma"))
    scheme_until = day(_("Fin du schéma"), hint=_("Trois ans au plus après le début."))
    year_plan_address = _line(_("Adresse du plan d’action de l’année"))
    year_plan_from = day(_("Début du plan"))
    year_plan_until = day(_("Fin du plan"), hint=_("Un an au plus après le début."))

    GROUPS = (
        (_("Le site"), ("name", "address", "declared_on", "email", "phone")),
        (_("L’audit"), ("audit_day", "auditor", *COUNTS, "pages", "reference_changed_on")),
        (_("Ce qui n’est pas accessible"), ("non_conformities", "derogations", "exempted")),
        (_("Comment cela a été vérifié"), ("technologies", "user_agents", "assistive_technologies", "tools")),
        (_("Schéma et plan d’action"), (
            "scheme_address", "scheme_from", "scheme_until", "year_plan_address", "year_plan_from", "year_plan_until",
        )),
    )  # fmt: skip

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def record(self) -> dict[str, Any]:
        """The data of the record, empty parts left out."""
        given = self.cleaned_data
        raw: dict[str, Any] = {name: given[name] for name in ("name", "address", "declared_on", "reference_changed_on")}
        raw |= {name: _items(given[name]) for name in LISTS}
        raw["contact"] = {"email": given["email"], "phone": given["phone"]}
        audit = {"day": given["audit_day"], "auditor": given["auditor"], **{name: given[name] for name in COUNTS}}
        if any(value not in (None, "") for value in audit.values()):
            raw["audit"] = {**audit, "pages": [_page(line) for line in _items(given["pages"])]}
        for name in ("scheme", "year_plan"):
            plan = {"address": given[f"{name}_address"], "from": given[f"{name}_from"], "until": given[f"{name}_until"]}
            if any(plan.values()):
                raw[name] = plan
        return {key: value for key, value in raw.items() if value not in (None, "", [])}

    def refuse(self, problems: Iterable[str]) -> None:
        """Put each problem under the field it speaks of."""
        for problem in problems:
            place, _sep, words = problem.partition(" : ")
            name = PLACES.get(place, place)
            field = self.fields.get(name)
            self.add_error(name if field else None, _sentence(f"{field.label} : {words}" if field else problem))


def initial_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the form shows it."""
    audit, contact = raw.get("audit") or {}, raw.get("contact") or {}
    shown = {name: raw.get(name) for name in ("name", "address", "declared_on", "reference_changed_on")}
    shown |= {name: "\n".join(raw.get(name) or ()) for name in LISTS}
    shown |= {"email": contact.get("email"), "phone": contact.get("phone")}
    shown |= {"audit_day": audit.get("day"), **{name: audit.get(name) for name in ("auditor", *COUNTS)}}
    shown["pages"] = "\n".join(_words(page) for page in audit.get("pages") or ())
    for name in ("scheme", "year_plan"):
        plan = raw.get(name) or {}
        shown |= {f"{name}_{part}": plan.get(part) for part in ("address", "from", "until")}
    return shown


def _items(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _page(line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    read: dict[str, Any] = dict(zip(("title", "address"), parts, strict=False))
    for name, part in zip(("conforming", "failing"), parts[2:], strict=False):
        read[name] = int(part) if part.isascii() and part.isdigit() else part
    return read


def _words(page: Mapping[str, Any]) -> str:
    return " | ".join(str(page[name]) for name in ("title", "address", "conforming", "failing") if name in page)


def _sentence(words: str) -> str:
    return _now("%(words)s.") % {"words": words[:1].upper() + words[1:]}
