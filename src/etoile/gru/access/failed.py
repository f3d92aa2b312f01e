"""A wrong password, written in the audit log."""

from typing import Any

from django.contrib.auth.signals import user_login_failed

from etoile.gru.access import refusals
from etoile.gru.access.models import Account


def watch() -> None:
    user_login_failed.connect(_write_down, dispatch_uid="etoile.gru.access.failed")


def _write_down(credentials: dict[str, Any], request: Any = None, **more: Any) -> None:
    email = str(credentials.get("username", ""))
    account = Account.objects.of_email(email).select_related("authority").first()
    refusals.of_sign_in(getattr(request, "authority", None), account)
