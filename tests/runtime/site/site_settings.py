"""The smallest product: what the runtime brings, and nothing else."""

from pathlib import Path

from etoile.runtime.databases import django_database
from etoile.runtime.security import SECURITY_MIDDLEWARE, django_security
from etoile.runtime.settings import Environment

env = Environment(product="hub")
SECRET_KEY = env.secret("HUB_SECRET_KEY", kind="key", help="Signs.")
PORT = env.integer("HUB_PORT", default=8100, help="Port.")
ALLOWED_HOSTS = ["town.example"]
DATABASES = {"default": django_database("hub")}
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles", "csp"]
MIDDLEWARE = [*SECURITY_MIDDLEWARE, "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "etoile.runtime.health"
STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).with_name("static")]
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
STATIC_ROOT = env.data / "static" / "hub"
globals().update(django_security(env))
env.check()
