"""Access tokens end by PostgreSQL's clock, which is the one that judges them (`intake.callers`)."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from oauth2_provider.models import AccessToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings


class TokenKeeper(OAuth2Validator):
    """A web server whose clock is late would give tokens that are over before they are used."""

    def _save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        super()._save_bearer_token(token, request, *args, **kwargs)
        checksum = hashlib.sha256(token["access_token"].encode()).hexdigest()
        lasts = timedelta(seconds=token.get("expires_in", oauth2_settings.ACCESS_TOKEN_EXPIRE_SECONDS))
        AccessToken.objects.filter(token_checksum=checksum).update(expires=Now() + lasts)
