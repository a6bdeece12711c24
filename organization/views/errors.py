"""What is answered when something goes wrong that nobody who asked can help."""

import sys

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from organization.errors import StorageAway
from organization.problems import MIME, problem

API = "/api/"
AGAIN = 5  # seconds
TOO_LARGE = RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
AWAY = OperationalError, InterfaceError, StorageAway


@requires_csrf_token
def server_error(request) -> HttpResponse:
    """Without the database: 503 where that or the storage of files is away or had to give up, so
    that a proxy asks another process what only reads, and programs come back; else 500.
    """
    if isinstance(sys.exception(), AWAY):
        response = said(request, 503)
        response.headers["Retry-After"] = AGAIN
        return response
    return said(request, 500)


@requires_csrf_token
def bad_request(request, exception) -> HttpResponse:
    """413 for a form that is larger than any page sends: trying again does not help there."""
    return said(request, 413 if isinstance(exception, TOO_LARGE) else 400)


def said(request, status: int) -> HttpResponse:
    if request.path_info.startswith(API):
        return JsonResponse(problem(status).dict(), status=status, content_type=MIME)
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
