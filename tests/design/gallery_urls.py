from django.urls import include, path
from django.views.i18n import set_language

from etoile.design.gallery.views import urls

urlpatterns = [
    path("design/", include(urls(lambda view: view))),
    path("langue/", set_language, name="set_language"),
]
