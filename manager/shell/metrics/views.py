"""The page that Prometheus reads."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from manager.kit.clock import now
from manager.kit.requests import public
from manager.shell.metrics.exposition import CONTENT_TYPE, write
from manager.shell.metrics.selectors import measure


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the metrics to who sends `Authorization: Bearer METRICS_TOKEN`; others find nothing."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    is_known = bool(settings.METRICS_TOKEN) and scheme.lower() == "bearer"
    if not is_known or not constant_time_compare(given.strip(), settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(write(measure(at=now())), content_type=CONTENT_TYPE)
