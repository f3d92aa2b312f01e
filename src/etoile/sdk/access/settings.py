"""How a town gets into one of its applications, as settings: the same for every connector that speaks HTTP.

What is written here are names of secrets, never secrets: their values are in the part « Secrets » of the subscription.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from etoile.sdk.settings import Part

# A secret pasted in the place of its name would be kept in clear: none of them looks like one of these.
SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]


CERTIFICATE = "Nom du secret qui porte le certificat client, en PEM, suivi de ses certificats intermédiaires."
KEY = "Nom du secret qui porte la clé privée du certificat, en PEM."


class Certificate(Part):
    """A certificate of ours, which the application asks for when the connection opens (mutual TLS)."""

    # No default: a part that may be left out must differ from one that is there.
    certificate: SecretName = Field(title="Secret du certificat", description=CERTIFICATE)
    key: SecretName = Field(title="Secret de la clé privée", description=KEY)
    passphrase: SecretName | None = Field(
        default=None,
        title="Secret du mot de passe de la clé",
        description="Nom du secret qui ouvre la clé privée ; vide si elle n’est pas protégée.",
    )


class _Proof(Part):
    certificate: Certificate | None = Field(
        default=None,
        title="Certificat client, en plus",
        description="Pour une application qui demande aussi un certificat à l’ouverture de la connexion.",
    )


class Basic(_Proof):
    kind: Literal["basic"]
    username: str = Field(title="Identifiant", description="Celui que l’éditeur a donné à la ville.")
    secret: SecretName = Field(
        default="password", title="Secret du mot de passe", description="Nom du secret qui porte le mot de passe."
    )


class Bearer(_Proof):
    kind: Literal["bearer"]
    secret: SecretName = Field(
        default="token", title="Secret du jeton", description="Nom du secret qui porte un jeton sans fin de validité."
    )


class ApiKey(_Proof):
    kind: Literal["api_key"]
    header: HeaderName = Field(
        default="X-API-Key", title="En-tête qui porte la clé", description="Nom de l’en-tête HTTP, comme X-API-Key."
    )
    parameter: str | None = Field(
        default=None,
        title="Paramètre d’adresse qui porte la clé",
        description="Pour une application qui lit la clé dans l’adresse : nom du paramètre ; l’en-tête ne sert plus.",
        pattern=r"^[A-Za-z0-9_.\[\]-]{1,100}$",
    )
    secret: SecretName = Field(
        default="api_key", title="Secret de la clé", description="Nom du secret qui porte la clé."
    )


class Hmac(_Proof):
    """The body is signed as it is sent: see `signatures.hmac_of` for what exactly."""

    kind: Literal["hmac"]
    secret: SecretName = Field(
        default="signing_key",
        title="Secret de la clé de signature",
        description="Nom du secret partagé avec l’éditeur.",
    )
    header: HeaderName = Field(
        default="X-Signature", title="En-tête de la signature", description="Nom de l’en-tête HTTP qui la porte."
    )
    algorithm: Literal["sha256", "sha512", "sha1"] = Field(
        default="sha256", title="Algorithme", description="Fonction de hachage du HMAC ; sha1 pour un logiciel ancien."
    )
    encoding: Literal["hex", "base64"] = Field(
        default="hex", title="Écriture de la signature", description="Hexadécimal ou base64."
    )
    prefix: str = Field(
        default="",
        title="Début de la valeur",
        description="Texte écrit devant la signature, comme « sha256= ».",
        pattern=r"^[!-~]{0,20}$",
    )
    timestamp_header: HeaderName | None = Field(
        default=None,
        title="En-tête de l’heure",
        description="S’il est donné, l’heure (secondes depuis 1970) y est écrite, et « heure.corps » est signé.",
    )


class StandardWebhooks(_Proof):
    """Standard Webhooks 1.0.0, symmetric."""

    kind: Literal["standard_webhooks"]
    secrets: tuple[SecretName, ...] = Field(
        default=("signing_secret",),
        min_length=1,
        title="Secrets de signature",
        description="Noms des secrets (whsec_…) ; plusieurs le temps d’un changement.",
    )


class OAuth2(_Proof):
    """OAuth 2, client credentials (RFC 6749, 4.4)."""

    kind: Literal["oauth2"]
    token_url: str = Field(
        title="Adresse où demander le jeton",
        description="Celle que donne l’éditeur, souvent terminée par /token.",
        pattern=r"^https?://[^\s]+$",
    )
    client_id: str = Field(title="Identifiant client", description="Celui que l’éditeur a donné à la ville.")
    secret: SecretName = Field(
        default="client_secret", title="Secret du client", description="Nom du secret qui porte le secret du client."
    )
    scope: str = Field(
        default="",
        title="Portée demandée",
        description="Mots séparés par des espaces ; vide si l’éditeur n’en dit rien.",
    )
    send_in: Literal["header", "body"] = Field(
        default="header",
        title="Où mettre les identifiants",
        description="« header » : en-tête Authorization ; « body » : dans le formulaire, pour un service qui l’exige.",
    )


class ClientCertificate(Certificate):
    kind: Literal["certificate"]
    certificate: SecretName = Field(default="client_certificate", title="Secret du certificat", description=CERTIFICATE)
    key: SecretName = Field(default="client_key", title="Secret de la clé privée", description=KEY)


Access = Annotated[
    Basic | Bearer | ApiKey | Hmac | StandardWebhooks | OAuth2 | ClientCertificate, Field(discriminator="kind")
]


def field(title: str = "Authentification", **settings: Any) -> Any:
    """The setting of a connector: `authentication: Access | None = access.field()`. None: the application asks none."""
    words = "Comment l’application nous reconnaît ; vide si elle ne demande rien."
    return Field(default=None, title=title, description=words, **settings)


def certificate_of(access: Access | None) -> Certificate | None:
    """The certificate to show, alone or beside another proof."""
    if access is None or isinstance(access, Certificate):
        return access
    return access.certificate


def secrets_of(access: Access | None) -> tuple[str, ...]:
    """The names of the secrets that this access needs."""
    if access is None:
        return ()
    certificate = certificate_of(access)
    shown = (certificate.certificate, certificate.key, certificate.passphrase) if certificate else ()
    own: tuple[str, ...] = ()
    if isinstance(access, StandardWebhooks):
        own = access.secrets
    elif not isinstance(access, ClientCertificate):
        own = (access.secret,)
    return tuple(name for name in (*own, *shown) if name)
