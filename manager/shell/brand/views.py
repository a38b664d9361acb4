"""The operator's accent as a stylesheet of its own, so that pages need no inline style."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from manager.kit.requests import public
from manager.shell.brand.colour import read_accent


@public
@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def stylesheet(request: HttpRequest) -> HttpResponse:
    """Answer the custom properties that carry the accent; nothing where the operator keeps the default."""
    css = ""
    if settings.BRAND_ACCENT:
        hue, chroma = read_accent(settings.BRAND_ACCENT)
        css = f":root {{ --accent-h: {hue}; --accent-c: {chroma}; }}\n"
    return HttpResponse(css, content_type="text/css; charset=utf-8")
