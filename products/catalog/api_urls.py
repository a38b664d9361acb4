"""REST operations on the catalogue."""

from django.urls import path

from products.catalog import api

urlpatterns = [path("organizations/<organization>/catalogue", api.Catalogue.as_view(), name="catalogue")]
