"""A switch that closes all pages for a while: a file, as many processes see it at once.

`manage.py maintenance on` makes it (settings.MAINTENANCE_FILE), `off` takes it away. No page needs
the database or a session meanwhile.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

OPEN = ("/healthz", "/readyz", "/metrics")
MINUTES = 5
API = "/api/"
TITLE = _("系统维护中")
WHY = _("系统正在维护，请稍后再试。您填在设备上的内容不会丢。")
UNTIL = _("预计 %(time)s 前恢复。")
AGAIN = _("再试一次")


class MaintenanceMiddleware:
    """Answers 503 in both languages, problem details for programs, and says when to come back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        minutes = minutes_closed()
        if minutes is None or request.path_info in OPEN:
            return self.get_response(request)
        response = closed(request)
        response.headers["Retry-After"] = str(minutes * 60)
        response.headers["Cache-Control"] = "no-store"
        return response


def minutes_closed() -> int | None:
    """For how long people are told to wait; None while it is open."""
    try:
        said = Path(settings.MAINTENANCE_FILE).read_text().strip()
    except FileNotFoundError:
        return None
    return int(said) if said.isdecimal() else MINUTES


def expected_back() -> datetime | None:
    """When it was said that it would be over; None once that has passed."""
    minutes = minutes_closed()
    try:
        since = Path(settings.MAINTENANCE_FILE).stat().st_mtime
    except FileNotFoundError:
        return None  # opened just now
    until = datetime.fromtimestamp(since, UTC) + timedelta(minutes=minutes or 0)
    return until if until > timezone.now() else None


def closed(request):
    if request.path_info.startswith(API) or not request.accepts("text/html"):
        answer = {
            "type": "about:blank",
            "title": "Service Unavailable",
            "status": 503,
            "detail": " ".join(said["why"] for said in in_each_language()),
            "code": "maintenance",
            "field": "",
        }
        return JsonResponse(answer, status=503, content_type="application/problem+json")
    return render(None, "maintenance.html", {"languages": list(in_each_language())}, status=503)


def in_each_language():
    """Who asks is not known without a session, so everybody gets both."""
    until = expected_back()
    back = timezone.localtime(until).strftime("%H:%M") if until else ""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said = {"code": code, "title": str(TITLE), "why": str(WHY), "again": str(AGAIN)}
            yield said | {"until": UNTIL % {"time": back} if back else ""}
