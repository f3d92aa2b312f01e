"""Settings of the GRU. Every variable is read once, here; docs/environment.md lists them."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from whitenoise.compress import Compressor

from etoile.gru.identity import environment as identity
from etoile.runtime import languages
from etoile.runtime.databases import django_database
from etoile.runtime.logs import configure
from etoile.runtime.security import SECURITY_MIDDLEWARE, csp_policy, django_security
from etoile.runtime.settings import Environment

HERE = Path(__file__).parent
env = Environment(product="gru")

DEBUG = False
DEVELOPMENT = env.mode == "development"
PRODUCTION = env.production
SECRET_KEY = env.secret("GRU_SECRET_KEY", kind="key", help="Signs the sessions, cookies and forms of the GRU.")
# Read before the key it parted from is made: a new installation draws two.
IDENTIFIER_KEY = env.secret(
    "GRU_IDENTIFIER_KEY",
    kind="key",
    like="GRU_ENCRYPTION_KEY",
    help="Makes the identifiers of persons per sector, the digests that recognise a person or a recovery code, and"
    " signs proofs of removal. Never changed: what was given out would lose its meaning. It opens nothing.",
)
ENCRYPTION_KEYS = env.keys(
    "GRU_ENCRYPTION_KEY",
    help="Encrypts sensitive answers, tracking keys and the secrets of telephones in the database (docs/security.md,"
    ' "Changing a key").',
)
PORT = env.integer("GRU_PORT", default=8000, minimum=1, maximum=65535, help="Port of the GRU's web server.")
PUBLIC_URL = env.url(
    "GRU_PUBLIC_URL",
    default=f"http://localhost:{PORT}",
    help="The address by which citizens, agents and the hub reach the GRU. What is sent for an authority whose host is"
    " among GRU_HOSTS leads under that host.",
    needed_in_production=True,
)
ALLOWED_HOSTS = list(
    env.words("GRU_HOSTS", help="Other host names the GRU answers to (one per authority), separated by commas.")
)
HUB_URL = env.url("GRU_HUB_URL", default="http://localhost:8100", help="Where the hub is.", needed_in_production=True)
HUB_CLIENT_ID = env.text("GRU_HUB_CLIENT_ID", default="gru", help="The GRU's client identifier at the hub.")
HUB_CLIENT_SECRET = env.secret("GRU_HUB_CLIENT_SECRET", help="The GRU's client secret at the hub.")
INBOX_SECRET = env.secret("GRU_INBOX_SECRET", kind="whsec", help="Signs what the hub sends to the GRU's inbox.")
DOCUMENT_SECRET = env.secret("GRU_DOCUMENT_SECRET", help="Signs the short-lived addresses of documents, by the hub.")
SMTP_URL = env.url(
    "GRU_SMTP_URL",
    default="smtp://localhost:1025",
    schemes=("smtp", "smtps"),
    help="The mail server notices leave by.",
    needed_in_production=True,
)
MAIL_FROM = env.text(
    "GRU_MAIL_FROM",
    default="ne-pas-repondre@localhost",
    help="Sender of the notices.",
    needed_in_production=True,
)
MAIL_RETURNS = env.text(
    "GRU_MAIL_RETURNS",
    default="",
    help="The address that e-mails come back to when they cannot be delivered (sender of the envelope); empty: the"
    " sender of the notices.",
)
BOUNCES_URL = env.url(
    "GRU_BOUNCES_URL",
    default="",
    schemes=("imaps", "imap+starttls", "imap"),
    help="The mailbox of that address, read every ten minutes: imaps://user:password@host:993/INBOX (what is not a"
    " letter or a figure is percent-encoded). Empty: nobody is told of an e-mail that comes back.",
)
NOTICE_LIMIT = env.integer(
    "GRU_NOTICE_LIMIT",
    default=8,
    minimum=1,
    help="E-mails that one address receives within a day; what comes after leaves together the next morning. What the"
    " law wants sent does not count and is never kept back.",
)
DOCUMENT_SOURCES = env.words(
    "GRU_DOCUMENT_SOURCES",
    help="Addresses under which business applications keep the documents they give back, separated by commas;"
    " a document elsewhere is noted, not read.",
)
PAPER_FONTS = env.text(
    "GRU_PAPER_FONTS",
    default="",
    help="Folder of more fonts for the letters in PDF (Arabic, Chinese…); Latin, Greek and Cyrillic need none.",
)
ANTIVIRUS_URL = env.url(
    "GRU_ANTIVIRUS_URL",
    default="",
    schemes=("unix", "tcp"),
    help="The clamd that checks each file before it is opened: unix:///run/clamav/clamd.ctl or tcp://host:3310. Empty:"
    " files are not checked, and the back-office and `etoile doctor` say so.",
)
RETENTION_NOTICE_DAYS = env.integer(
    "GRU_RETENTION_NOTICE_DAYS",
    default=15,
    help="Days between the letter that tells a person that their ended request will leave the pages, and that day.",
)
API_PER_MINUTE = env.integer(
    "GRU_API_PER_MINUTE",
    default=600,
    minimum=1,
    maximum=1_000_000,
    help="Requests a minute that each client of the API may make; one of them may be given another number.",
)
AUDIT_KEPT = timedelta(
    days=env.integer(
        "GRU_AUDIT_DAYS",
        default=365,
        minimum=180,
        maximum=1096,
        help="How many days a line of the audit log is kept: from six months to a year is usual (CNIL).",
    )
)
BREACHED_PASSWORDS = env.text(
    "GRU_BREACHED_PASSWORDS",
    default="",
    help="A file of leaked passwords, refused when one is chosen: their SHA-1 in order, one a line, as Have I Been"
    " Pwned publishes them. Empty: our own list of common ones alone.",
)
SESSION_IDLE = timedelta(
    minutes=env.integer(
        "GRU_SESSION_IDLE_MINUTES",
        default=120,
        minimum=5,
        maximum=720,
        help="Minutes without a page asked for, after which the session of an agent ends; at the latest twelve hours"
        " after it began. What was being sent is kept and given back at the next sign-in.",
    )
)
ARCHIVAL_AGENCY = env.text(
    "GRU_ARCHIVAL_AGENCY",
    default="archives-departementales",
    help="Identifier of the archives that receive SEDA packages, as they gave it.",
)
ARCHIVAL_AGREEMENT = env.text(
    "GRU_ARCHIVAL_AGREEMENT",
    default="",
    help="Identifier of the agreement (contrat d’entrée) written in SEDA packages; none when empty.",
)
DATA = env.data
DATABASES = {"default": django_database("gru")}
IDENTITY = identity.declared(env)
globals().update(django_security(env))
env.check()
CONTENT_SECURITY_POLICY = csp_policy(secure=PRODUCTION, form_action=IDENTITY.origins)

PUBLIC = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS.append(PUBLIC.hostname or "localhost")
if not env.production:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [f"{PUBLIC.scheme}://{PUBLIC.netloc}"]

INSTALLED_APPS = [
    "etoile.gru.sealing",
    "etoile.gru.throttles",
    "etoile.gru.audit",
    "etoile.gru.access",
    "etoile.gru.identity",
    "etoile.gru.passkeys",
    "etoile.gru.absences",
    "etoile.gru.outbox",
    "etoile.gru.people",
    "etoile.gru.contracts",
    "etoile.gru.documents",
    "etoile.gru.papers",
    "etoile.gru.notices",
    "etoile.gru.forms",
    "etoile.gru.forms.tables",
    "etoile.gru.content",
    "etoile.gru.cases",
    "etoile.gru.fees",
    "etoile.gru.desk",
    "etoile.gru.matching",
    "etoile.gru.steering",
    "etoile.gru.batches",
    "etoile.gru.filling",
    "etoile.gru.ratings",
    "etoile.gru.accounts",
    "etoile.gru.recognition",
    "etoile.gru.ties",
    "etoile.gru.archive",
    "etoile.gru.corrections",
    "etoile.gru.opinions",
    "etoile.gru.inbox",
    "etoile.gru.api",
    "etoile.gru.portal",
    "etoile.gru.backoffice",
    "etoile.gru.designer",
    "etoile.gru.counter",
    "etoile.gru.requalification",
    "etoile.gru.administration",
    "etoile.gru.rights",
    "etoile.gru.scim",
    "etoile.design",
    "procrastinate.contrib.django",
    "oauth2_provider",
    "ninja",
    "axes",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "etoile.gru.api.static_files.StaticFilesConfig",
]
MIDDLEWARE = [
    *SECURITY_MIDDLEWARE,
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "etoile.gru.access.middleware.AuthorityMiddleware",
    "etoile.gru.people.middleware.ScopeMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
CSRF_FAILURE_VIEW = "etoile.design.errors.no_token"
ROOT_URLCONF = "etoile.gru.urls"
WSGI_APPLICATION = "etoile.gru.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "etoile.gru.portal.context.accessibility",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who may come in: agents with an account, applications by OAuth 2 client credentials, citizens by the key of their
# case.
AUTH_USER_MODEL = "access.Account"
LOGIN_URL = "/agents/connexion/"
LOGIN_REDIRECT_URL = "/agents/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "given_name", "family_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "etoile.gru.access.breached.NotBreached"},
]
# How long the link of an invitation opens.
PASSWORD_RESET_TIMEOUT = timedelta(days=7).total_seconds()
# Work of one hash kept low in tests only: they sign in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
if env.mode == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
# The account and the address together: a kiosk of the town hall is not locked by one forgotten password.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_TEMPLATE = "backoffice/locked.html"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OAUTH2_PROVIDER_APPLICATION_MODEL = "access.ApiClient"
OAUTH2_PROVIDER = {
    "SCOPES": {
        "cases:read": "Lire les demandes",
        "cases:write": "Créer et faire avancer les demandes",
        "procedures:read": "Lire les démarches",
        "cases:act": "Agir au nom d'un agent",
        "documents:read": "Lire les pièces",
        "people:read": "Lire qui demande, dans les limites du contrat de service",
        "people:write": "Compléter ce qui est su d'une personne, dans les mêmes limites",
    },
    "SCOPES_BACKEND_CLASS": "etoile.gru.api.scopes.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 900,
    "ALLOWED_GRANT_TYPES": ["client_credentials"],
}
# A working day, `SESSION_IDLE` if nobody is there. Citizens' drafts live by a key of their own, for days (RGAA 13.1).
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_ENGINE = "etoile.gru.access.sessions"
# Of persons with an account: another cookie, another table (`accounts.sessions`). The prefix makes browsers refuse one
# that a neighbour of the same domain would plant.
PERSON_COOKIE_NAME = "__Host-espace" if env.production else "espace"

LANGUAGE_CODE = "fr"
# French and each language there are files for, those of the operator too (docs/languages.md).
LOCALE_PATHS = [env.data / "locale"]
LANGUAGES = languages.found(*languages.delivered("gru"), *LOCALE_PATHS)
languages.introduce(LANGUAGES)
LANGUAGE_COOKIE_SECURE = env.production
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "Europe/Paris"
FIRST_DAY_OF_WEEK = 1

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static" / "gru"
# Logos and images of the authorities, put there by `gru_load`.
THEMES_FOLDER = DATA / "themes"
STATICFILES_DIRS = [("themes", THEMES_FOLDER)]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.mode != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = env.mode == "test"
# Compressing what nobody asks for (source maps, names without a hash) took longer than the rest of a migration.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Files: `documents` streams them to its own folder; nothing is ever served from here by name.
DOCUMENTS_FOLDER = DATA / "documents"
EXPORTS_FOLDER = DATA / "exports"
MEGABYTE = 1024 * 1024
DOCUMENTS_REQUEST_LIMIT = 64 * MEGABYTE
# Told by /health/ready: whoever watches sees that files are opened unscanned.
HEALTH_NOTES = {"antivirus": "configured" if ANTIVIRUS_URL else "none"}
FILE_UPLOAD_HANDLERS = [
    "etoile.gru.documents.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = MEGABYTE
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = MEGABYTE
# A page of repeated rows has many controls (`forms.ceilings.MAX_ON_PAGE`); the size of the body bounds them first.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

PROCRASTINATE_ON_APP_READY = None
# Account.email is unique whatever its case, by a constraint this check does not read. No town may have given a theme.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "staticfiles.W004"]
LOGGING_CONFIG = None
configure("gru")
