"""The API's OpenAPI document and the page to try it; both work offline and without a sign-in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from manager.kit.requests import public

_document = SpectacularJSONAPIView.as_view(
    permission_classes=[AllowAny], authentication_classes=[], urlconf="manager.shell.reference.versions"
)
_page = SpectacularSwaggerSplitView.as_view(
    permission_classes=[AllowAny], authentication_classes=[], url_name="openapi"
)


@public
def openapi(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Return the OpenAPI 3.1 document of the latest version."""
    return _document(request, **kwargs)


@public
def reference(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Show the operations, each to be tried with a token."""
    return _page(request, **kwargs)
