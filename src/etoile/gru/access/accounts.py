from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models.functions import Lower


def to_the_letter(rows: models.QuerySet, email: str) -> models.QuerySet:
    """Those of this address (`email`), in small letters. `iexact` compares capitals, where « ı » is « I » and « ſ » is
    « S »: an address of another domain, which anybody may buy, would be the same."""
    return rows.alias(small=Lower("email")).filter(small=email.strip().lower())


class AccountManager(BaseUserManager):
    """E-mail is the login, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.of_email(username or "").get()

    def normalise(self, email: str) -> str:
        return email.strip().lower()

    def of_email(self, email: str) -> models.QuerySet:
        return to_the_letter(self.all(), email)
