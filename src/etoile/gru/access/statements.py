"""The accessibility statements of an authority: published, in force, and what the footer says of them today."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from etoile.design.statement.reading import NotPublishable, read
from etoile.design.statement.record import Record
from etoile.design.statement.standing import NOT_AUDITED, Standing, judged, last_day
from etoile.gru.access.models import Account, Authority, Declaration, Product
from etoile.gru.access.services import Refused

# What our own tests use, without a person: said in the statement, and never called an audit.
TECHNOLOGIES = ("HTML", "CSS", "JavaScript", "SVG", "WAI-ARIA")
AUTOMATIC_TOOLS = ("axe-core",)


def publish(authority: Authority, product: str, raw: Any, *, by: Account | None = None) -> Declaration:
    """Put a statement in force. The same data again change nothing.

    `raw` is the record as plain data (docs/accessibility-statement.md). Raises `Refused` with all that is missing.
    """
    try:
        record = read(raw, today=authority.today())
    except NotPublishable as error:
        raise Refused(error.problems) from error
    kept = plain(raw)
    known = in_force(authority, product)
    if known is not None and known.record == kept:
        return known
    audit = record.audit
    return Declaration.objects.create(
        authority=authority,
        product=Product(product),
        record=kept,
        conforming=audit.conforming if audit else 0,
        failing=audit.failing if audit else 0,
        last_day=last_day(record),
        published_by=by,
    )


@transaction.atomic
def publish_all(authority: Authority, raw: Any, *, by: Account | None = None) -> list[Declaration]:
    """The statements of one file, `{portal: …, backoffice: …}`: all of them or none. Raises `Refused`."""
    problems: list[str] = []
    published: list[Declaration] = []
    for name, record in raw.items() if isinstance(raw, Mapping) else ():
        try:
            if name not in Product.values:
                raise Refused([_("seuls « portal » et « backoffice » ont une déclaration")])
            published.append(publish(authority, name, record, by=by))
        except Refused as error:
            problems += [f"{name}.{problem}" for problem in error.problems]
    if not published and not problems:
        problems = [_("le fichier commence par « portal: » ou « backoffice: »")]
    if problems:
        raise Refused(problems)
    return published


def in_force(authority: Authority, product: str) -> Declaration | None:
    return Declaration.objects.filter(authority=authority, product=product).order_by("-pk").first()


def record_of(authority: Authority, product: str, address: str = "") -> Record:
    """The record in force, or the honest one of an authority that has published none: no audit was made.

    `address` is that of the site, for the second case."""
    declared = in_force(authority, product)
    # Checked when it was published; a clock that goes back must not take the page away.
    return read(declared.record if declared else draft(authority, product, address), today=date.max)


def draft(authority: Authority, product: str, address: str = "") -> dict[str, Any]:
    """What is known without asking, as the first content of the page where the statement is written."""
    contact = {"email": authority.email, "phone": authority.phone}
    return {
        "name": f"{Product(product).label} – {authority.name}",
        "address": address or authority.host or authority.website or authority.name,
        "declared_on": authority.today().isoformat(),
        "technologies": list(TECHNOLOGIES),
        "tools": list(AUTOMATIC_TOOLS),
        "contact": contact if any(contact.values()) else {"phone": _("à l’accueil de la mairie")},
    }


def standing_of(authority: Authority | None, product: str) -> Standing:
    """What the footer says. No statement when the authority came with its request, else one."""
    if authority is None:
        return NOT_AUDITED
    name = f"declared_{product}"
    counts = getattr(authority, name) if hasattr(authority, name) else _counts(in_force(authority, product))
    if not counts or not counts["last_day"]:
        return NOT_AUDITED
    last = date.fromisoformat(str(counts["last_day"]))
    return judged(counts["conforming"], counts["failing"], last, authority.today())


def plain(raw: Any) -> Any:
    """The same data as JSON keeps them: YAML reads dates as dates."""
    if isinstance(raw, Mapping):
        return {str(key): plain(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [plain(each) for each in raw]
    return raw.isoformat() if isinstance(raw, date) else raw


def _counts(declared: Model | None) -> dict[str, Any]:
    names = ("conforming", "failing", "last_day")
    return {name: getattr(declared, name) for name in names} if declared is not None else {}
