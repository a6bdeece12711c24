"""What makes a browser keep Pinzhi as an app; nothing of it is anybody's own."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.app_shell import build, manifest


@login_not_required
@require_safe
@never_cache
def service_worker(request):
    """At the root, because a worker sees no address above its own; asked for anew each time."""
    return HttpResponse(build().script, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
def web_manifest(request):
    return JsonResponse(manifest(), content_type="application/manifest+json")


@login_not_required
@require_safe
def offline(request):
    """What is shown without a network in place of a page that is not on the device; a service
    worker keeps it in each `language`.
    """
    asked = request.GET.get("language")
    language = asked if asked in dict(settings.LANGUAGES) else get_language()
    with override(language):
        return render(request, "portal/offline.html")
