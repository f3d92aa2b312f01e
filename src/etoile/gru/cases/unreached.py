"""An e-mail to the person came back, or could be sent to nobody: the case says so, its team is told, and an agent deals
with it."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, telling
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked, write
from etoile.gru.cases.search import keeping as search
from etoile.gru.notices import posting, readers, wishes
from etoile.gru.notices.bounces import services as bounces
from etoile.gru.notices.models import Bounce, Notice
from etoile.gru.notices.services import Recipient, send_later

# The history row of an address that an agent gave, and what it says when it is of who reads the request in the place of
# whoever made it (`notices.readers`).
CORRECTED, READER = "contact_corrected", "reader"


def tell(bounce: Bounce) -> None:
    """In the transaction that records the bounce. Nothing for a case that is no more."""
    if not Case.objects.filter(pk=bounce.case_id).exists():
        return
    case = locked(bounce.case_id)
    write(case, "notice_bounced", actors.system(), detail={"template": bounce.notice.template, "status": bounce.status})
    telling.tell_team(case, "notice_returned", **({"unsent": True} if bounce.status == bounces.NOBODY else {}))


def correct_email(case_id: uuid.UUID, account: Account, email: str, *, expected_version: int | None = None) -> Case:
    """Write to another address from now on, what came back first. The address itself is not in the history.
    Raises `CaseError`."""
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Incomplete(_("Cette adresse n’est pas valable. Exemple : camille.martin@exemple.fr")) from error
    with transaction.atomic():
        case, returned = _dealt_with(case_id, account, expected_version)
        reader = readers.of_case(case.pk)
        if reader is not None and email.lower() == case.contact_email.lower() != reader.email.lower():
            raise Incomplete(_("C’est l’adresse de qui avait le mandat, qui est terminé. Donnez celle de la personne."))
        case.contact_email = email
        detail = {**_which(returned), **({READER: True} if reader is not None else {})}
        write(case, CORRECTED, actors.agent(account), fields=["contact_email"], detail=detail)
        wishes.trust(case.authority, email)
        search.note(case, [email])
        for notice in returned:
            to = Recipient(reader.name if reader is not None else case.contact_name, email, notice.language)
            send_later(case.authority, to, notice.template, notice.context, case_id=case.pk)
    return case


def settle(case_id: uuid.UUID, account: Account, *, by_letter: bool, expected_version: int | None = None) -> Case:
    """The person is told otherwise: by letters to print, or already by telephone or at the counter."""
    with transaction.atomic():
        case, returned = _dealt_with(case_id, account, expected_version)
        write(case, "told_by_letter" if by_letter else "told_otherwise", actors.agent(account), detail=_which(returned))
        if by_letter:
            for notice in returned:
                posting.post(notice)
    return case


def _dealt_with(case_id: uuid.UUID, account: Account, expected_version: int | None) -> tuple[Case, list[Notice]]:
    case = locked(case_id, expected_version=expected_version)
    returned = bounces.handle(case.pk, account)
    if not returned:
        raise CaseError(_("Quelqu’un s’en est déjà occupé : rien n’a été fait."))
    return case, returned


def _which(returned: list[Notice]) -> dict[str, Any]:
    return {"templates": sorted({each.template for each in returned})}
