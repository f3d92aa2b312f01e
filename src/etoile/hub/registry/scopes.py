"""What a token may allow: the scopes of the API, and those a credential was given."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

SCOPES = {
    "events:write": "Publish events.",
    "events:read": "Read one's own events and what became of them.",
    "mailbox": "Pull and acknowledge what one's subscriptions receive.",
    "lookups": "Ask another application a question through the hub.",
    "registry:read": "Read applications and subscriptions.",
    "registry:write": "Change applications and subscriptions.",
    "deliveries:read": "Read deliveries and attempts.",
    "deliveries:write": "Replay or cancel deliveries.",
    "hub:read": "Operate the hub: see everything but the content of messages.",
    "hub:operate": "Operate the hub: decide about deliveries, switch subscriptions, open contents.",
    "hub:administer": "Operate the hub: change applications, subscriptions, credentials and operators.",
}
# What the roles of the console are to a machine. Only a credential declared for operation has them, and nothing else.
OPERATION = "hub:"


class CredentialScopes(BaseScopes):
    """A credential asks at most for the scopes it was given; asking for none gives them all."""

    def get_all_scopes(self) -> dict[str, str]:
        return SCOPES

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(SCOPES) if application is None else application.scopes.split()

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application, request)
