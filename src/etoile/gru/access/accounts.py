from typing import Any

from django.contrib.auth.base_user import BaseUserManager


class AccountManager(BaseUserManager):
    """E-mail is the login, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email__iexact=(username or "").strip())

    def normalise(self, email: str) -> str:
        return email.strip().lower()
