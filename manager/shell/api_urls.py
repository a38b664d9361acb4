"""The API's own document and the page to try it, both offline (API-4)."""

from django.urls import path

from manager.shell.reference.views import openapi, reference

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("docs/", reference, name="api-reference"),
]
