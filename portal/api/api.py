"""The API's first version: each app's operations, one way in, one way to say no."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseNotAllowed
from django.urls import URLPattern, re_path
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from inspections.api import routers
from organization.problems import MIME
from portal.api.auth import THROTTLE, WAYS_IN
from portal.api.errors import answer, name_problems

DESCRIPTION = """
What the pages can do, for programs: the same functions, the same permissions.

Sign in with the session of a browser (and its CSRF token in `X-CSRFToken`), or with
`Authorization: Bearer` and a token from the page "接口令牌" (`/me/tokens/`). Whatever goes wrong is
told as problem details (RFC 9457). Points are decimal strings, moments have a zone.
"""
BODIES = {"application/json", "multipart/form-data"}
WITH_BODY = {"POST", "PUT", "PATCH"}


class Api(NinjaAPI):
    def __init__(self, **options):
        super().__init__(**options)
        self.described = {}  # in each language; it takes half a second, and nothing in it changes

    def get_openapi_schema(self, **options):
        key = get_language(), str(options)
        if key not in self.described:
            self.described[key] = self.describe(**options)
        return self.described[key]

    def describe(self, **options):
        """Problems have a media type of their own."""
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, said in operation["responses"].items():
                    if int(status) >= 400:
                        said["content"] = {MIME: said["content"]["application/json"]}
        return schema


def assembled() -> NinjaAPI:
    api = Api(
        title="品质 Pinzhi",
        version="1",
        urls_namespace="api",
        description=DESCRIPTION,
        auth=WAYS_IN,
        throttle=THROTTLE,
        docs_url=None,
    )
    name_problems(api)
    for router in routers:
        api.add_router("", router)
    return api


def entered(view):
    """A view of the API: it signs people in by itself, and answers in its own way."""

    @wraps(view)
    def answered(request, *args, **kwargs):
        if request.method in WITH_BODY and request.content_type not in BODIES:
            return answer(415)
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return answer(404)
        if isinstance(response, HttpResponseNotAllowed):
            return answer(405, {"Allow": response["Allow"]})
        return response

    return login_not_required(csrf_exempt(answered))


def nowhere(request):
    raise Http404


def addresses() -> tuple[list[URLPattern], str, str]:
    """Below `api/v1/`; what is not there is a problem as well."""
    patterns, app, namespace = API.urls
    for each in patterns:
        each.callback = entered(each.callback)
    return [*patterns, re_path("", entered(nowhere))], app, namespace


API = assembled()
