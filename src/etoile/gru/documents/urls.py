from django.urls import path

from etoile.gru.documents.views import signed

urlpatterns = [path("<uuid:identifier>", signed, name="document")]
