"""Who may use the console, and what they may do there. The only writer of operators."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from etoile.hub.registry import changes
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import Operator, Role


class LastAdministratorError(Exception):
    """Without an administrator nobody could give roles any more."""


def create(email: str, password: str, *, name: str = "", role: str = Role.READER, by: By) -> Operator:
    """An account for the console; the first one made is administrator, whatever the role asked.

    Raises ValidationError for a weak password or a wrong address, IntegrityError for a known address.
    """
    operator = Operator(email=email.strip().lower(), name=name.strip(), role=Role(role))
    operator.clean_fields(exclude=["password"])
    validate_password(password, operator)
    operator.set_password(password)
    with transaction.atomic():
        _one_at_a_time()
        if not Operator.objects.exists():
            operator.role = Role.ADMINISTRATOR
        operator.save(force_insert=True)
        changes.write("operator", operator.email, None, changes.of_operator(operator), by)
    return operator


def give_role(email: str, role: str, *, by: By) -> Operator:
    """Raises Operator.DoesNotExist, LastAdministratorError."""
    return _change(email, {"role": Role(role)}, by)


def close(email: str, *, by: By) -> Operator:
    """Who has left comes in no more: open sessions end at their next page. What they did stays in the journal."""
    return _change(email, {"is_active": False}, by)


def reopen(email: str, *, by: By) -> Operator:
    return _change(email, {"is_active": True}, by)


def set_password(email: str, password: str) -> Operator:
    """Raises Operator.DoesNotExist, ValidationError for a weak password."""
    operator = Operator.objects.get(email=email.strip().lower())
    validate_password(password, operator)
    operator.set_password(password)
    operator.save(update_fields=["password"])
    return operator


def _change(email: str, values: dict[str, object], by: By) -> Operator:
    if not by.reason.strip():
        raise ValidationError(_("Écrivez le motif de votre décision."))
    with transaction.atomic():
        _one_at_a_time()
        operator = Operator.objects.get(email=email.strip().lower())
        before = changes.of_operator(operator)
        for field, value in values.items():
            setattr(operator, field, value)
        others = Operator.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=operator.pk)
        if not (operator.role == Role.ADMINISTRATOR and operator.is_active) and not others.exists():
            raise LastAdministratorError(operator.email)
        operator.save(update_fields=list(values))
        changes.write("operator", operator.email, before, changes.of_operator(operator), by)
    return operator


def _one_at_a_time() -> None:
    """Two administrators who close one another at the same moment must not both succeed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('registry_operator', 0))")
