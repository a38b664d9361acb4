"""The API's OpenAPI document and the page to try it; both work offline and without a sign-in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

from manager.kit.requests import public

_document = SpectacularJSONAPIView.as_view(permission_classes=[AllowAny], authentication_classes=[])


@public
def openapi(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Return the OpenAPI 3.1 document of the latest version."""
    return _document(request, **kwargs)


@public
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show the operations, each to be tried with a token."""
    return render(request, "shell/reference.html")
