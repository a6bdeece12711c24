"""Whatever goes wrong in the API, as a problem; what Django itself answers as well."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from organization.errors import Conflict, Refused
from organization.problems import MIME, problem
from portal.api.misfits import sentence_of

CONFLICT, UNPROCESSABLE = 409, 422


def answer(status: int, headers: dict | None = None, **said) -> HttpResponse:
    body = problem(status, **said).model_dump_json()
    return HttpResponse(body, status=status, content_type=MIME, headers=headers)


def name_problems(api: NinjaAPI) -> None:
    """Give every kind of error its answer."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)


def unknown_person(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(401, {"WWW-Authenticate": "Bearer"}, detail=_("请先登录，或者带上有效的令牌。"))


def forbidden(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(403, detail=_("您没有权限做这件事。"))


def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(404, detail=_("没有这个内容，或者您看不到它。"))


def too_large(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(413, detail=_("一次传得太多，请分几次传。"), code="too_large")


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """An input that is not allowed is 422, a move that the facts do not allow now is 409."""
    status = UNPROCESSABLE if error.field else CONFLICT
    return answer(status, detail=str(error), code=error.code, field=error.field)


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first thing that does not fit the description, and where it stands."""
    first = error.errors[0]
    _source, *place = first["loc"]
    place = ".".join(str(part) for part in place if part not in ARGUMENTS)
    sentence = _("“%(field)s”：%(why)s") % {"field": place, "why": sentence_of(first)}
    said = {"detail": sentence, "code": str(first["type"]), "field": place}
    return answer(UNPROCESSABLE, **said)


ARGUMENTS = {"asked", "sent"}  # what operations call all that came


def form_for_json(request: HttpRequest, error: RawPostDataException) -> HttpResponse:
    """A form came where JSON is asked for; looking for its CSRF token has read it already."""
    return answer(415)


def unfit_file(request: HttpRequest, error: DjangoValidationError) -> HttpResponse:
    return answer(UNPROCESSABLE, detail=" ".join(error.messages), code=error.code or "invalid")


def throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    headers = {"Retry-After": str(error.wait or 1)}
    return answer(429, headers, detail=_("请求太频繁，请稍后再试。"))


def of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:
        # with a new cookie where the browser has none any more: what waits on a device comes again
        get_token(request)
        return answer(403, detail=_("页面已过期，请刷新后再试。"), code="csrf")
    return answer(error.status_code, detail=str(error))


HANDLERS = {
    AuthenticationError: unknown_person,
    PermissionDenied: forbidden,
    Http404: not_found,
    RequestDataTooBig: too_large,
    Refused: refused,
    Conflict: refused,
    ValidationError: invalid,
    DjangoValidationError: unfit_file,
    RawPostDataException: form_for_json,
    Throttled: throttled,
    HttpError: of_http,
}
