"""A request that arrived twice: one is treated, the other is closed and says where to look.

It is no decision on what is asked: no letter, no signatory. Nor does it touch the legal clock: undone, the delay is
what it would have been, for the mistake was ours.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, telling
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked, move
from etoile.gru.cases.states import State
from etoile.gru.desk.models import Duplicate
from etoile.gru.forms.rules import Wording
from etoile.gru.forms.texts import Text


def mark(case_id: uuid.UUID, account: Account, kept: Case, *, expected_version: int | None = None) -> Case:
    """Close the case as a duplicate of `kept`, which the agent may see. What was closed for it is then closed for
    `kept`: no chain to follow. One transaction; raises `CaseError`."""
    with transaction.atomic():
        # In one order, so that two agents who mark each the other's case do not wait for one another.
        pair = Case.objects.select_for_update().filter(pk__in=[case_id, kept.pk]).order_by("pk")
        found = {each.pk: each for each in pair.only("pk", "state", "decided_at", "authority")}
        case = locked(case_id, expected_version=expected_version)
        _check(case, found.get(kept.pk))
        reason = _("Doublon de la demande %(reference)s") % {"reference": kept.reference}
        move(case, "duplicate", actors.agent(account), reason=reason, detail={"kept": kept.reference})
        # What was said of the one kept no longer holds: `_check` saw to it.
        Duplicate.objects.filter(case=kept).delete()
        Duplicate.objects.filter(kept=case).update(kept=kept)
        told = {"kept": kept, "account": account, "at": case.decided_at}
        Duplicate.objects.update_or_create(case=case, defaults=told)
        telling.tell(case, "status_changed", own=_words(case, kept))
    return case


def undo(case_id: uuid.UUID, account: Account, *, expected_version: int | None = None) -> Case:
    """It was another request: it goes on, followed by whoever says so if nobody did. Raises `CaseError`."""
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        marked = Duplicate.objects.filter(case=case).first()
        if marked is None or not marked.holds(case):
            raise CaseError(_("Cette demande n’est pas classée comme doublon. Rien n’a changé."))
        marked.delete()
        changes: dict[str, Any] = {} if case.assignee_id else {"assignee": account}
        move(case, "unduplicate", actors.agent(account), changes=changes)
        telling.tell(case, "status_changed")
    return case


def _check(case: Case, kept: Case | None) -> None:
    if kept is None or kept.authority_id != case.authority_id:
        raise CaseError(_("Cette autre demande n’existe plus. Choisissez-en une autre."))
    if kept.pk == case.pk:
        raise CaseError(_("C’est la demande elle-même. Écrivez la référence d’une autre."))
    if kept.state == State.WITHDRAWN:
        raise CaseError(_("L’autre demande est retirée : gardez celle-ci."))
    if any(each.holds(kept) for each in Duplicate.objects.filter(case=kept)):
        raise CaseError(_("L’autre demande est elle-même un doublon. Choisissez celle qui est traitée."))


def _words(case: Case, kept: Case) -> Wording:
    """What the person is told. The other reference is given to whoever wrote from the same address, and to no other."""
    same = bool(case.contact_email) and case.contact_email.lower() == kept.contact_email.lower()
    subject, body = {}, {}
    for code in {"fr", case.language[:2]} & {code[:2] for code, _name in settings.LANGUAGES}:
        with translation.override(code):
            subject[code] = _("Votre demande était arrivée deux fois")
            parts = [_("Nous avons reçu deux fois la même demande. Celle-ci est classée ; l’autre suit son cours.")]
            if same:
                parts.append(_("L’autre porte la référence %(reference)s.") % {"reference": kept.reference})
            parts.append(_("Si ce sont deux demandes différentes, écrivez-nous sur la page de celle-ci."))
            body[code] = "\n\n".join(parts)
    return Wording(Text.of(subject), Text.of(body))
