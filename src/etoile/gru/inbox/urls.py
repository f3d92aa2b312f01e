"""Address of the inbox: public, because each message carries its own proof."""

from django.urls import path

from etoile.gru.inbox import views

urlpatterns = [path("", views.receive, name="inbox")]
