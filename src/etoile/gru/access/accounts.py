from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class AccountManager(BaseUserManager):
    """E-mail is the login, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.of_email(username or "").get()

    def normalise(self, email: str) -> str:
        return email.strip().lower()

    def of_email(self, email: str) -> models.QuerySet:
        """In small letters and to the letter. `iexact` compares capitals, where « ı » is « I » and « ſ » is « S »: an
        address of another domain, which anybody may buy, would be the same."""
        return self.alias(small=Lower("email")).filter(small=self.normalise(email))
