"""Settings of the hub. Every variable is read once, here; docs/environment.md lists them."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from whitenoise.compress import Compressor

from etoile.runtime import languages
from etoile.runtime.databases import django_database
from etoile.runtime.logs import configure
from etoile.runtime.security import SECURITY_MIDDLEWARE, django_security
from etoile.runtime.settings import Environment

HERE = Path(__file__).parent
env = Environment(product="hub")

DEBUG = False
SECRET_KEY = env.secret("HUB_SECRET_KEY", kind="key", help="Signs the sessions and forms of the console.")
HUB_ENCRYPTION_KEYS = env.keys("HUB_ENCRYPTION_KEY", help="Encrypts the applications' secrets in the database.")
HUB_PORT = env.integer("HUB_PORT", default=8100, minimum=1, maximum=65535, help="Port of the hub's web server.")
HUB_PUBLIC_URL = env.url(
    "HUB_PUBLIC_URL",
    default=f"http://localhost:{HUB_PORT}",
    help="The address by which applications and operators reach the hub.",
    needed_in_production=True,
)
HUB_SMTP_URL = env.url(
    "HUB_SMTP_URL",
    default="smtp://localhost:1025",
    schemes=("smtp", "smtps"),
    help="The mail server the e-mail connector sends by.",
    needed_in_production=True,
)
HUB_ALLOWED_PRIVATE_ADDRESSES = env.words(
    "HUB_ALLOWED_PRIVATE_ADDRESSES",
    help="Private addresses (host:port) the hub may call: the business applications of the local network.",
)
HUB_ALLOWED_FOLDERS = env.words(
    "HUB_ALLOWED_FOLDERS",
    help="Folders of this machine where connectors may exchange files, with what is below them.",
)
HUB_RETENTION_MONTHS = env.integer(
    "HUB_RETENTION_MONTHS",
    default=0,
    minimum=0,
    maximum=1200,
    help="Whole months for which messages, deliveries and journal are kept; 0 keeps everything, 1 and 2 count as 3."
    " A month with an unfinished delivery is never dropped.",
)
HUB_ACCESSIBILITY_RECORD = env.text(
    "HUB_ACCESSIBILITY_RECORD",
    default="",
    help="The record (YAML) of the console's accessibility statement; without it, the one of a console nobody audited."
    " See docs/accessibility-statement.md.",
)
HUB_ENGINE = env.choice(
    "HUB_ENGINE",
    choices=("postgres", "nats"),
    default="postgres",
    help="What brings deliveries to the workers. PostgreSQL keeps the record in both; see docs/operations.md.",
)
HUB_NATS = {
    "urls": env.addresses(
        "HUB_NATS_URL",
        default=("nats://localhost:4222",),
        schemes=("nats", "tls"),
        help="The NATS servers, separated by commas, if HUB_ENGINE is nats.",
    ),
    "instance": env.text(
        "HUB_NATS_INSTANCE", default="hub", help="Name of this hub among those that share the NATS servers."
    ),
    "replicas": env.integer(
        "HUB_NATS_REPLICAS",
        default=1,
        minimum=1,
        maximum=5,
        help="On how many NATS servers each offer is kept: 1 or 3.",
    ),
    "ack_wait": env.integer(
        "HUB_NATS_ACK_WAIT",
        default=10,
        minimum=1,
        maximum=600,
        help="Seconds a worker has to take what NATS offers; what nobody took in three times that is offered again.",
    ),
    "user": env.text("HUB_NATS_USER", default="", help="User at the NATS servers; none if they ask for none."),
    "password": env.password("HUB_NATS_PASSWORD", help="Password of that user."),
    "ca": env.text("HUB_NATS_CA", default="", help="Path of the authority that signed the NATS servers' certificates."),
    "certificate": env.text("HUB_NATS_CERTIFICATE", default="", help="Path of our certificate, if they ask for one."),
    "key": env.text("HUB_NATS_CERTIFICATE_KEY", default="", help="Path of its private key."),
}
if not re.fullmatch("[a-z0-9_-]+", HUB_NATS["instance"]):
    env.problems.append("HUB_NATS_INSTANCE is made of small letters, digits, - and _.")
HUB_ALARM_EMAILS = env.words(
    "HUB_ALARM_EMAILS",
    help="Addresses that receive the hub's alarms and its daily digest, separated by commas."
    " In production, at least one, or HUB_ALARM_WEBHOOK_URL.",
)
HUB_ALARM_FROM = (
    env.text("HUB_ALARM_FROM", default="", help="Sender of the alarms. Empty: hub@ and the host of HUB_PUBLIC_URL.")
    or f"hub@{urlsplit(HUB_PUBLIC_URL).hostname or 'localhost'}"
)
HUB_ALARM_WEBHOOK_URL = env.url(
    "HUB_ALARM_WEBHOOK_URL", default="", help="Address called for each alarm, signed by Standard Webhooks. Empty: none."
)
HUB_ALARM_WEBHOOK_SECRET = env.secret(
    "HUB_ALARM_WEBHOOK_SECRET",
    kind="whsec",
    help="Signs the calls to HUB_ALARM_WEBHOOK_URL.",
    needed_with="HUB_ALARM_WEBHOOK_URL",
)
if env.production and not (HUB_ALARM_EMAILS or HUB_ALARM_WEBHOOK_URL):
    env.problems.append(
        "HUB_ALARM_EMAILS or HUB_ALARM_WEBHOOK_URL is needed: somebody must be told when the hub needs it."
    )
HUB_ALARM_LANGUAGE = env.choice(
    "HUB_ALARM_LANGUAGE", choices=("fr", "en"), default="fr", help="Language of the alarms and of the digest."
)
HUB_ALARM_OLDEST_MINUTES = env.integer(
    "HUB_ALARM_OLDEST_MINUTES",
    default=60,
    minimum=1,
    maximum=10_000,
    help="For how long a delivery may wait before it is an alarm.",
)
HUB_DIGEST = env.flag("HUB_DIGEST", default=True, help="Whether the daily digest is sent to HUB_ALARM_EMAILS.")
HUB_DIGEST_HOUR = env.integer(
    "HUB_DIGEST_HOUR", default=8, minimum=0, maximum=23, help="Hour of the daily digest, by the clock of France."
)
DATABASES = {"default": django_database("hub")}
# The hot path says the same three statements for ever: prepared, they are planned once per connection.
DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 5}
globals().update(django_security(env))
env.check()
configure("hub")
LOGGING_CONFIG = None

HUB_LARGEST_EVENT = 2**20
HUB_LARGEST_BATCH = 4 * 2**20
HUB_MOST_EVENTS = 100

PUBLIC = urlsplit(HUB_PUBLIC_URL)
ALLOWED_HOSTS = [PUBLIC.hostname or "localhost"]
if not env.production:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [f"{PUBLIC.scheme}://{PUBLIC.netloc}"]

INSTALLED_APPS = [
    "etoile.hub.journal",
    "etoile.hub.catalogue",
    "etoile.hub.registry",
    "etoile.hub.delivery",
    "etoile.hub.lookups",
    "etoile.hub.routing",
    "etoile.hub.reconciliation",
    "etoile.hub.watch",
    "etoile.hub.intake",
    "etoile.hub.console",
    "etoile.hub.worker",
    "etoile.design",
    "oauth2_provider",
    "ninja",
    "axes",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "etoile.runtime.static_files.StaticFilesConfig",
]
PAGES_BEGIN = SECURITY_MIDDLEWARE.index("csp.middleware.CSPMiddleware")
MIDDLEWARE = [
    *SECURITY_MIDDLEWARE[:PAGES_BEGIN],
    "etoile.hub.intake.middleware.PublishingMiddleware",
    *SECURITY_MIDDLEWARE[PAGES_BEGIN:],
    "etoile.hub.intake.middleware.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
CSRF_FAILURE_VIEW = "etoile.design.errors.no_token"
ROOT_URLCONF = "etoile.hub.urls"
WSGI_APPLICATION = "etoile.hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "etoile.hub.console.declaration.context",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who may come in: operators by the console, applications by OAuth 2 client credentials.
AUTH_USER_MODEL = "registry.Operator"
LOGIN_URL = "/console/connexion/"
LOGIN_REDIRECT_URL = "/console/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "etoile.hub.registry.hashers.MachineSecretHasher",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "console/locked.html"
OAUTH2_PROVIDER_APPLICATION_MODEL = "registry.Credential"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "CLIENT_SECRET_HASHER": "machine_secret",
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "OAUTH2_VALIDATOR_CLASS": "etoile.hub.registry.tokens.TokenKeeper",
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "SCOPES_BACKEND_CLASS": "etoile.hub.registry.scopes.CredentialScopes",
}

SESSION_COOKIE_AGE = 8 * 3600
LANGUAGE_COOKIE_NAME = "hub_language"
LANGUAGE_CODE = "fr"
# French and each language there are files for, those of the operator too (docs/languages.md).
LOCALE_PATHS = [env.data / "locale"]
LANGUAGES = languages.found(*languages.delivered("hub"), *LOCALE_PATHS)
languages.introduce(LANGUAGES)
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
STATIC_ROOT = env.data / "static" / "hub"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.mode != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
# Compressing what nobody asks for (source maps, names without a hash) took longer than the rest of a migration.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = HUB_LARGEST_BATCH
