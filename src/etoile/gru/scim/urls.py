"""Addresses of /scim/v2/: those of RFC 7644, 3.2, without a slash at their end."""

from django.urls import path

from etoile.gru.scim import views

urlpatterns = [
    path("ServiceProviderConfig", views.configuration),
    path("ResourceTypes", views.resource_types),
    path("Schemas", views.schemas),
    path("Users", views.users),
    path("Users/<int:pk>", views.user),
]
