"""For whoever watches the processes: `healthz` whether this one lives, `readyz` whether it can
serve; neither says more than that. `metrics` has the figures, for who has its token.
"""

from hmac import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from organization.metrics import counted
from portal.figures import Figures
from portal.readiness import is_ready, state_of_parts


@never_cache
@login_not_required
def healthz(request):
    return JsonResponse({"status": "ok"})


@never_cache
@login_not_required
def readyz(request):
    """503 where a page would fail; what stands still without hurting pages is only told."""
    parts = state_of_parts()
    ready = is_ready(parts)
    answer = {"status": "ok" if ready else "broken", "parts": parts}
    return JsonResponse(answer, status=200 if ready else 503)


@never_cache
@login_not_required
def metrics(request):
    """As Prometheus reads it: what all processes counted, and what stands in the database."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    for collector in (counted(), Figures()):
        registry.register(collector)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
