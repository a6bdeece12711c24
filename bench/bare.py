"""A bare authenticated Django view: session, user, one template. The unit of every ratio."""

from django.http import HttpResponse
from django.template import engines

TEMPLATE = engines["django"].from_string(
    "<!doctype html><title>bare</title><p>{{ request.user.username }}</p>"
)


def bare(request):
    return HttpResponse(TEMPLATE.render({}, request))
