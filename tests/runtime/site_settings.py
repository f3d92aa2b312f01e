"""The smallest product: what the runtime brings, and nothing else."""

from etoile.runtime.databases import django_database
from etoile.runtime.security import SECURITY_MIDDLEWARE, django_security
from etoile.runtime.settings import Environment

env = Environment(product="hub")
SECRET_KEY = "only for this test, and for nothing else at all"
ALLOWED_HOSTS = ["town.example"]
DATABASES = {"default": django_database("hub")}
INSTALLED_APPS = ["django.contrib.contenttypes", "csp"]
MIDDLEWARE = [*SECURITY_MIDDLEWARE, "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "etoile.runtime.health"
STATIC_URL = "/static/"
globals().update(django_security(env))
