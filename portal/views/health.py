"""For whoever watches the processes: `healthz` whether this one lives, `readyz` whether it can
serve. Neither says more than that.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.views.decorators.cache import never_cache

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
