"""A document given to an agent: it is in the audit log, and an identity document carries for whom, and when, it was
copied."""

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.audit import services as audit
from etoile.gru.cases.models import Case
from etoile.gru.documents import serving
from etoile.gru.documents.models import Document
from etoile.gru.forms.fields.identity_document import TYPE as IDENTITY


def given(document: Document, case: Case, account: Account) -> HttpResponseBase:
    """Whatever page it is opened from. Raises `scanning.NotOpenable`."""
    answer = _served(document, case, account)
    audit.note("case.document", by=account, authority=case.authority_id, subject=case.reference, case_id=case.pk)
    return answer


def _served(document: Document, case: Case, account: Account) -> HttpResponseBase:
    fields = case.procedure_version.definition.fields
    if not any(each.id == document.field and each.type == IDENTITY.name for each in fields):
        return serving.response(document)
    words = _("Copie pour %(authority)s, demande %(reference)s, %(agent)s, %(day)s") % {
        "authority": case.authority.name,
        "reference": case.reference,
        "agent": account,
        "day": date_format(timezone.localdate(), "d/m/Y"),
    }
    return serving.copied(document, words)
