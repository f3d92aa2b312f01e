"""What a line of the audit log says besides its action, as a sentence: no code, no key of a table."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.moments import said, spelled
from etoile.gru.access.models import Authority, Role, Sector, Team
from etoile.gru.administration import refusal_words
from etoile.gru.administration.views.signatories import named
from etoile.gru.audit.models import Entry
from etoile.gru.backoffice.asked_list import FIRST, TABS
from etoile.gru.backoffice.list_form import ListForm
from etoile.gru.contracts.models import Way
from etoile.gru.contracts.vocabulary import ATTRIBUTES, LEVELS
from etoile.gru.notices.tags import NAMES
from etoile.gru.people import words as people
from etoile.gru.people.models import Level
from etoile.gru.ties.kinds import KINDS

Detail = Mapping[str, Any]
Titles = Mapping[str, str]
# Parts of a line, as the forms call them.
LABELS: Mapping[str, str | Promise] = {
    "name": gettext_lazy("Nom"), "address": gettext_lazy("Adresse"), "email": gettext_lazy("Courriel"),
    "phone": gettext_lazy("Téléphone"), "opening_hours": gettext_lazy("Horaires"), "sector": gettext_lazy("Secteur"),
    "account": gettext_lazy("Agent"), "given_name": gettext_lazy("Prénom"), "family_name": gettext_lazy("Nom"),
    "capacity": gettext_lazy("Qualité"), "service": gettext_lazy("Service"), "formula": gettext_lazy("Formule"),
    "act": gettext_lazy("Acte de délégation"), "procedures": gettext_lazy("Démarches"),
    "begins_on": gettext_lazy("Premier jour"), "ends_on": gettext_lazy("Dernier jour"),
    "way": gettext_lazy("Comment"), "application": gettext_lazy("Application"), "purpose": gettext_lazy("Finalité"),
    "legal_basis": gettext_lazy("Base légale"), "contact": gettext_lazy("Contact"),
    "sectors": gettext_lazy("Secteurs"), "attributes": gettext_lazy("Données"),
    "retention_months": gettext_lazy("Conservation, en mois"), "colour": gettext_lazy("Première couleur"),
    "accent": gettext_lazy("Seconde couleur"), "logo": gettext_lazy("Logo"), "image": gettext_lazy("Image"),
    "why": gettext_lazy("Motif"), "reason": gettext_lazy("Motif"), "cases": gettext_lazy("Demandes"),
    "since": gettext_lazy("Depuis"), "until": gettext_lazy("Jusqu’à"), "platform": gettext_lazy("Par"),
    "key": gettext_lazy("Clé"), "found": gettext_lazy("Trouvées"), "mots": gettext_lazy("Mots cherchés"),
    "du": gettext_lazy("Du"), "au": gettext_lazy("Au"), "document": gettext_lazy("Document"),
    "sessions": gettext_lazy("Sessions"), "merged": gettext_lazy("Réunie avec"), "other": gettext_lazy("L’autre"),
    "acr": gettext_lazy("Niveau"), "amr": gettext_lazy("Preuves données"),
    "answers": gettext_lazy("Réponses"), "kind": gettext_lazy("Lien"),
}  # fmt: skip
# For machines, or said elsewhere on the line.
_UNSAID = frozenset({"merge", "batch", "sha256", "contracts", "resource", "status", "sorte"})
# Lines that name services and sectors by their code, and those that name procedures too.
_OF_TEAMS = ("agent.roles", "team.", "sector.")
_OF_PROCEDURES = ("contract.", "signatory.", "export.", "rights.breach")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-([0-9a-f]{12})")
# Where the address of a page names somebody or something.
_PLACE = re.compile(r"<[^>]*>")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT.+")


def titles(authority: Authority, entries: Iterable[Entry]) -> Titles:
    """What services, sectors and procedures are called, by code. Two statements at most, none when it is of no use."""
    actions = {each.action for each in entries}
    found: dict[str, str] = {}
    if any(each.startswith(_OF_PROCEDURES) for each in actions):
        found.update(named(authority))
    if any(each.startswith((*_OF_TEAMS, *_OF_PROCEDURES)) for each in actions):
        teams, sectors = (
            model.objects.filter(authority=authority).order_by().values_list("slug", "name") for model in (Team, Sector)
        )
        found.update(sectors.union(teams))
    return found


def subject(entry: Entry, known: Titles) -> str:
    if entry.action.startswith("export."):
        return _("Liste de demandes (%(format)s)") % {"format": entry.subject.upper()}
    if entry.action.startswith("words."):
        return str(NAMES.get(entry.subject, entry.subject))
    if not entry.subject and entry.person_id:
        return _("Fiche %(number)s") % {"number": _short(str(entry.person_id))}
    if entry.action == "refused.page":
        return "/" + _PLACE.sub("…", entry.subject)
    # An application may have the code of a service and be something else.
    return _plain(entry.subject, known if entry.action.startswith(_OF_TEAMS) else {})


def precision(entry: Entry, known: Titles) -> Sequence[str]:
    """What was there before and what is there now, one thing each; else what the line says besides."""
    detail: Detail = entry.detail
    if entry.action in refusal_words.ACTIONS:
        return [refusal_words.reason(detail)]
    if entry.action in _SENTENCES:
        return _said(_SENTENCES[entry.action](detail, known))
    if "after" not in detail:
        return _said(_parts(detail, known))
    old, new = detail.get("before"), detail["after"]
    if not isinstance(new, Mapping):
        return _said(_plain(new, known))
    old = old if isinstance(old, Mapping) else {}
    return [_change(name, old.get(name), value, known) for name, value in new.items() if value or old.get(name)]


def _said(words: str) -> Sequence[str]:
    return [words] if words else []


def _change(name: str, old: Any, new: Any, known: Titles) -> str:
    values = {"what": _label(name), "old": _value(name, old, known), "new": _value(name, new, known)}
    if not old:
        return _("%(what)s : %(new)s") % values
    return (_("%(what)s : %(new)s, au lieu de %(old)s") if new else _("%(what)s : retiré (%(old)s)")) % values


def _parts(detail: Detail, known: Titles) -> str:
    said_of = ((name, _value(name, value, known)) for name, value in detail.items() if name not in _UNSAID)
    return " · ".join(
        _("%(what)s : %(new)s") % {"what": _label(name), "new": words} for name, words in said_of if words
    )


def _label(name: str) -> str:
    return str(LABELS.get(name) or people.label(name))


def _value(name: str, value: Any, known: Titles) -> str:
    if name == "application":
        return str(value)
    if name == "answers" and isinstance(value, Mapping):
        return " ; ".join(f"{known.get(slug, slug)} ({_plain(asked, {})})" for slug, asked in value.items())
    if name == "kind" and value in KINDS:
        return str(KINDS[value].of_subject)
    if name == "way":
        return str(dict(Way.choices).get(value, value))
    if name == "attributes" and isinstance(value, Mapping):
        return ", ".join(_attribute(key, levels) for key, levels in value.items())
    if name in people.LABELS and isinstance(value, int):
        return str(Level(value).label) if value in Level.values else str(value)
    if name == "attributes" and isinstance(value, list):
        return ", ".join(people.label(each) for each in value)
    return _plain(value, known)


def _attribute(key: str, levels: Mapping[str, int | None]) -> str:
    ways = {"read": _("lu"), "write": _("écrit")}
    how = (
        f"{ways[way]} {LEVELS.get(level, level)}" for way, level in levels.items() if level is not None and way in ways
    )
    return f"{ATTRIBUTES.get(key, key)} ({', '.join(how)})"


def _plain(value: Any, known: Titles) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(each, known) for each in value)
    text = "" if value is None else str(value)
    if _UUID.fullmatch(text):
        return _short(text)
    try:
        if _DAY.fullmatch(text):
            return spelled(date.fromisoformat(text))
        if _MOMENT.fullmatch(text):
            return said(datetime.fromisoformat(text))
    except ValueError:
        return text
    return known.get(text, text)


def _short(number: str) -> str:
    """The end of an identifier: enough to tell two lines of the same person, and to look for them."""
    return _("n° %(number)s") % {"number": number[-12:]}


def _roles(detail: Detail, known: Titles) -> str:
    before, after = (set(detail.get(side) or ()) for side in ("before", "after"))
    given, taken = (", ".join(_role(each, known) for each in sorted(some)) for some in (after - before, before - after))
    found = ((_("Donné : %(roles)s"), given), (_("Retiré : %(roles)s"), taken))
    return " · ".join(words % {"roles": roles} for words, roles in found if roles)


def _role(written: str, known: Titles) -> str:
    team, _sign, code = written.partition("=")
    label = str(dict(Role.choices).get(code, code))
    return label if team == "*" else f"{label} ({known.get(team, team)})"


def _absence(detail: Detail, known: Titles) -> str:
    told = {name: _plain(detail.get(name), known) for name in ("first", "last", "stand_in")}
    return _("Du %(first)s au %(last)s ; remplacement : %(stand_in)s") % told


def _list(detail: Detail, known: Titles) -> str:
    """The list as its address says it, in the words of its form."""
    asked = parse_qsl(str(detail.get("list", "")))
    tab = dict(asked).get("onglet", FIRST)
    found = [str(TABS[tab if tab in TABS else FIRST][1])]
    for name, value in asked:
        field = ListForm.base_fields.get(name)
        if field is not None and name not in ("tri", "colonnes"):
            words = dict(getattr(field, "choices", ())).get(value) or _plain(value, known)
            found.append(f"{field.label} : {words}")
    if "cases" in detail:
        found.append(_parts({"cases": detail["cases"]}, known))
    return " · ".join(found)


def _search(detail: Detail, known: Titles) -> str:
    criteria = ", ".join(people.label(each) for each in detail.get("criteria", ()))
    return _("Par : %(criteria)s") % {"criteria": criteria} + " · " + _parts({"found": detail.get("found")}, known)


def _sign_in(detail: Detail, _known: Titles) -> str:
    ways = {"proconnect": "ProConnect", "passkey": _("avec une clé"), "key": _("avec une clé")}
    return ", ".join(ways.get(str(each), str(each)) for each in detail.values())


def _message(detail: Detail, _known: Titles) -> str:
    """Which parts of a message have other words; the words are in the screen of messages."""
    languages = sorted(
        {name.rpartition(".")[2].upper() for side in ("before", "after") for name in detail.get(side) or {}}
    )
    return ", ".join(languages)


_SENTENCES: Mapping[str, Callable[[Detail, Titles], str]] = {
    "agent.roles": _roles,
    "agent.away": _absence,
    "agent.back": _absence,
    "agent.signed_in": _sign_in,
    "export.asked": _list,
    "export.written": _list,
    "export.fetched": _list,
    "person.searched": _search,
    "words.kept": _message,
    "words.reset": _message,
}
