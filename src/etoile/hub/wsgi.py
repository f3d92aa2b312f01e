import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etoile.hub.settings")

application = get_wsgi_application()
# What is loaded now lives as long as the process: walking it again and again was a third of what a batch cost.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
