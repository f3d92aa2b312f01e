"""How an application knows us: settings for a connector, and requests that carry the proof.

class Configuration(BaseModel):
    authentication: Access | None = access.field()

response = await access.request(context, context.configuration.authentication, "GET", url)
"""

from etoile.sdk.access.asking import Body, Proof, checks, failed, forget, missing, prove, request, secret, stream
from etoile.sdk.access.settings import (
    Access,
    ApiKey,
    Basic,
    Bearer,
    Certificate,
    ClientCertificate,
    Hmac,
    OAuth2,
    SecretName,
    StandardWebhooks,
    field,
    secrets_of,
)
from etoile.sdk.access.signatures import hmac_of, standard_webhooks

__all__ = [
    "Access",
    "ApiKey",
    "Basic",
    "Bearer",
    "Body",
    "Certificate",
    "ClientCertificate",
    "Hmac",
    "OAuth2",
    "Proof",
    "SecretName",
    "StandardWebhooks",
    "checks",
    "failed",
    "field",
    "forget",
    "hmac_of",
    "missing",
    "prove",
    "request",
    "secret",
    "secrets_of",
    "standard_webhooks",
    "stream",
]
