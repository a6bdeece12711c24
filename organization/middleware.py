"""Addresses and forms that a database can take; language by choice; pages for
who signed in; nothing sent under another name.
"""

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, JsonResponse, QueryDict, UnreadablePostError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organization.addresses import client_address
from organization.factors import ASKED, MISSING, STAGE
from organization.looking import CLOSED, LOOKING, look_end, looked_at, only_looking
from organization.oidc import ID_TOKEN
from organization.origin import coming_from, note_origin
from organization.sessions import seen

CODES = {code for code, _ in settings.LANGUAGES}


class PermissionsPolicyMiddleware:
    """Tells the browser what of a device pages use, so that nothing else can be asked for."""

    def __init__(self, get_response):
        self.get_response = get_response
        allowed = settings.PERMISSIONS_POLICY.items()
        self.policy = ", ".join(f"{feature}=({who})" for feature, who in allowed)

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.policy)
        return response


class WithoutNulMiddleware:
    """Drops the NUL character from what is asked for and from the fields of a form that is sent;
    knows no page that is called so. Uploaded files stay as they are.

    Nobody types one, SQLite takes it and PostgreSQL does not: every filter, every name in an
    address and every field that is read without a form would have to think of it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info:
            raise Http404
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked or "\0" in asked:
            request.META["QUERY_STRING"] = asked.replace("%00", "").replace("\0", "")
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        try:
            sent = request.POST
        except UnreadablePostError:
            return  # whoever sent it is gone; the check of the token refuses what is left
        if any("\0" in text for name, texts in sent.lists() for text in [name, *texts]):
            request.POST = without_nul(sent)


def without_nul(sent: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=sent.encoding)
    for name, texts in sent.lists():
        for text in texts:
            clean.appendlist(name.replace("\0", ""), text.replace("\0", ""))
    return clean


class LanguageMiddleware:
    """Chinese unless this person, or this browser, switched to English.

    Django's own middleware would follow Accept-Language; a Chinese company's people use
    browsers of any language and still read Chinese.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with translation.override(chosen_language(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def chosen_language(request) -> str:
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in CODES:
        return cookie
    return getattr(request.user, "language", "") or settings.LANGUAGE_CODE


class OriginMiddleware:
    """Says from where whatever is put on record comes: which address, by page, admin or API."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with coming_from("page", address=client_address(request) or None):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        space = request.resolver_match.namespace
        if space == "admin":
            note_origin(way="admin")
        elif space.startswith("api"):
            note_origin(way="api")


class SignedInMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless its view says otherwise."""


class SamePersonMiddleware:
    """Takes nothing that says (`X-Person`, a key) that somebody else entered it.

    A page, or what it kept on a device, may outlast the session of whoever filled it in; the next
    person's session must not carry it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        whose = request.headers.get("X-Person")
        if whose and request.user.is_authenticated and whose != str(request.user.pk):
            return another_person()
        return self.get_response(request)


def another_person() -> JsonResponse:
    sentence = _("这些记录是另一个人的，没有接收。请由本人登录后再发送。")
    return problem(sentence, status=409, code="another_person")


class SeenMiddleware:
    """Notes from time to time that somebody is still signed in here (organization.sessions)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            seen(request=request, at=timezone.now())
        return self.get_response(request)


class SecondStepMiddleware:
    """Whoever still owes the second step of signing in comes to nothing but that step, and who
    has to have a second factor and has none sets it up.

    A form that is sent meanwhile stays on the device, as with a first password.
    """

    PLACES = {ASKED: "second_step", MISSING: "my_factors"}
    # whoever takes a while to set one up is asked again for the password
    OPEN = {ASKED: frozenset({"logout"}), MISSING: frozenset({"logout", "confirm"})}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        owed = request.session.get(STAGE) if request.user.is_authenticated else None
        if not owed:
            return None
        if request.path.startswith("/api/"):
            sentence = _("请先在网页上完成两步验证。")
            return problem(sentence, status=403, code="second_step")
        place = self.PLACES[owed]
        name = request.resolver_match.view_name
        if name in {place, *self.OPEN[owed]} or not asks_for_sign_in(view):
            return None
        return redirect_to_login(request.get_full_path(), reverse(place))


class LookingMiddleware:
    """Shows an administrator the pages of somebody else (organization.looking): the last of all,
    so that what the session owes is the administrator's, and what the page knows is not.
    """

    # what the administrator does as such
    OWN = frozenset({"look_end", "logout", "language"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.looker = None
        if LOOKING not in request.session:
            return self.get_response(request)
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(self, request, view, args, kwargs):
        if LOOKING not in request.session or request.resolver_match.view_name in self.OWN:
            return None
        by, at = request.user, timezone.now()
        person = by.is_authenticated and looked_at(session=request.session, by=by, at=at)
        if not person:
            look_end(session=request.session, by=by, at=at)
            return None
        request.user, request.looker = person, by
        if not self.is_open(request):
            raise PermissionDenied
        with connection.execute_wrapper(only_looking):
            return view(request, *args, **kwargs)

    @staticmethod
    def is_open(request) -> bool:
        match = request.resolver_match
        return (
            request.method in ("GET", "HEAD")
            and match.namespace != "admin"
            and match.view_name not in CLOSED
        )


class FirstPasswordMiddleware:
    """Whoever signed in with a password that somebody else set chooses another one first; who
    came by the provider did not use it.

    A form that is sent meanwhile stays on the device (form-keep.js): the page that answers does
    not load what would forget it.
    """

    OPEN = frozenset({"my_password", "logout"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not (request.user.is_authenticated and request.user.password_is_first):
            return None
        if request.session.get(STAGE):
            return None  # that comes first
        if ID_TOKEN in request.session:
            return None
        if request.path.startswith("/api/"):
            sentence = _("请先换掉系统管理员给的密码。")
            return problem(sentence, status=403, code="first_password")
        if request.resolver_match.view_name in self.OPEN or not asks_for_sign_in(view):
            return None
        return redirect_to_login(request.get_full_path(), reverse("my_password"))


def asks_for_sign_in(view) -> bool:
    return getattr(view, "login_required", True)


def problem(sentence: str, *, status: int, code: str) -> JsonResponse:
    answer = {"type": "about:blank", "title": sentence, "status": status, "detail": sentence}
    answer |= {"code": code, "field": ""}
    return JsonResponse(answer, status=status, content_type="application/problem+json")
