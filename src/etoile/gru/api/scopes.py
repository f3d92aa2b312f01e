"""What a client may ask for: the scopes written on it, and no other."""

from typing import Any

from oauth2_provider.scopes import SettingsScopes


class ClientScopes(SettingsScopes):
    """A client without `allowed_scopes` gets none: closed by default."""

    def get_available_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        known = self.get_all_scopes()
        return [scope for scope in (application.allowed_scopes.split() if application else []) if scope in known]

    def get_default_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application)
