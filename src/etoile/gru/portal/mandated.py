"""A request made under a mandate, on its way to whoever opens it: its principal always, who acts for them as long as
the mandate is in force. Each opening by somebody else is in the audit log of the principal."""

from django.http import HttpRequest

from etoile.gru.access import refusals
from etoile.gru.accounts.sessions import account_of
from etoile.gru.audit import persons as audit
from etoile.gru.cases.models import Case
from etoile.gru.ties import mandates


def may_open(request: HttpRequest, case: Case) -> bool:
    """Whether this browser may see the case it has the key of. Nothing to look for when it is under no mandate."""
    found = mandates.of_request(case.pk, case.procedure_version.procedure.slug, case.mandate)
    if found is None:
        return True
    account = account_of(request)
    if account is not None and account.person_id == found.principal:
        return True
    if not found.in_force:
        refusals.of_key(case.authority, "suivi/")
        return False
    audit.note_mandated(case.contact_name, authority=case.authority_id, subject=case.reference, case_id=case.pk,
                        person_id=found.principal)  # fmt: skip
    return True
