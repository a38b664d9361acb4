"""REST operations on the catalogue."""

from django.urls import path

from products.catalog import api

urlpatterns = [
    path("catalogue", api.PublicCatalogue.as_view(), name="public_catalogue"),
    path("organizations/<organization>/catalogue", api.Catalogue.as_view(), name="catalogue"),
]
