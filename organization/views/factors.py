"""The second step at the door, one's own factors, and which roles have to have one."""

import math

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organization import factors, guard, passkeys
from organization.addresses import client_address
from organization.errors import Refused, move_of, require
from organization.models import SecondFactor
from organization.numbers import whole
from organization.qr import qr_svg
from organization.roles import Role
from organization.sessions import end_others, moved
from organization.sign_in import held_too_long
from organization.views.accounts import TOO_MANY, is_ours, safe_next
from organization.views.confirming import asked_again

UNPROCESSABLE = 422
# what the session holds meanwhile; the last is where who owes a factor wanted to go
KEY, CHALLENGE, WANTED = "app_key", "passkey_challenge", "wanted_after_factor"
methods = require_http_methods(["GET", "HEAD", "POST"])
typed = sensitive_post_parameters("code", "passkey")


# --- at the door -------------------------------------------------------------------------------


@never_cache
@typed
@methods
def second_step(request: HttpRequest) -> HttpResponse:
    """A POST with `code` or `passkey` (what the browser signed); then to where one wanted to go."""
    if request.session.get(factors.STAGE) != factors.ASKED:
        return redirect(safe_next(request))
    if request.method != "POST":
        return ask(request)
    at = timezone.now()
    if request.POST.get("passkey"):
        if signed(request, at=at):
            return let_in(request)
        return ask(request, error=_("通行密钥没有通过，请再试一次。"), status=UNPROCESSABLE)
    try:
        code, address = request.POST.get("code", ""), client_address(request)
        if factors.try_code(user=request.user, code=code, address=address, at=at):
            return let_in(request)
    except guard.Held as held:
        answer = ask(request, error=held_too_long(held.until - at), status=TOO_MANY)
        answer.headers["Retry-After"] = str(math.ceil((held.until - at).total_seconds()))
        return answer
    return ask(request, error=_("验证码不对，或者已经用过。"), status=UNPROCESSABLE)


def signed(request: HttpRequest, *, at) -> bool:
    """A challenge is taken once, right or wrong."""
    place, challenge = passkeys.place_of(request), request.session.pop(CHALLENGE, "")
    asked = {"user": request.user, "answer": request.POST["passkey"], "challenge": challenge}
    return bool(place and challenge) and passkeys.check_passkey(**asked, place=place, at=at)


def let_in(request: HttpRequest) -> HttpResponse:
    """The session that has got further gets another key, like at the first step."""
    del request.session[factors.STAGE]
    request.session.cycle_key()
    moved(request=request)
    return redirect(safe_next(request))


def ask(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    place = passkeys.place_of(request)
    options = ""
    if place and passkeys.of(request.user).exists():
        options, request.session[CHALLENGE] = passkeys.to_check(user=request.user, place=place)
    context = {
        "error": error,
        "options": options,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "organization/second_step.html", context, status=status)


# --- one's own ---------------------------------------------------------------------------------


@never_cache
@typed
@methods
@asked_again
def my_factors(request: HttpRequest) -> HttpResponse:
    """A POST with `do`: a key for an app, its first code, a passkey, drop one, new codes."""
    if request.method != "POST":
        if request.session.get(factors.STAGE) and request.GET.get("next"):
            request.session[WANTED] = request.GET["next"]
        return show(request)
    try:
        return move_of(MOVES, request.POST.get("do"))(request, timezone.now())
    except Refused as refusal:
        return show(request, error=str(refusal), field=refusal.field, status=UNPROCESSABLE)


def begin_app(request: HttpRequest, at) -> HttpResponse:
    request.session[KEY] = factors.new_key()
    return redirect("my_factors")


def add_app(request: HttpRequest, at) -> HttpResponse:
    sealed = request.session.get(KEY)
    if not sealed:
        raise Refused(_("这个二维码已经用过或过期，请重新添加。"), code="over", field="app")
    sent = {each: request.POST.get(each, "") for each in ("name", "code")}
    factors.add_app(user=request.user, sealed=sealed, at=at, **sent)
    del request.session[KEY]
    return added(request, at)


def add_passkey(request: HttpRequest, at) -> HttpResponse:
    place, challenge = passkeys.place_of(request), request.session.pop(CHALLENGE, "")
    if not (place and challenge):
        raise passkeys.not_taken()
    sent = {"name": request.POST.get("name", ""), "answer": request.POST.get("passkey", "")}
    passkeys.add_passkey(user=request.user, challenge=challenge, place=place, at=at, **sent)
    return added(request, at)


def added(request: HttpRequest, at) -> HttpResponse:
    """Sessions that never took the second step end; the first factor brings recovery codes."""
    request.session.pop(factors.STAGE, None)
    end_others(request=request, at=at)
    messages.success(request, _("添加好了，下次登录起要用。别处的登录都已退出。"))
    if factors.codes_left(request.user):
        return redirect("my_factors")
    return codes(request, at)


def codes(request: HttpRequest, at) -> HttpResponse:
    if not request.user.factors.exists():
        raise Refused(_("先添加身份验证器或通行密钥。"), code="none")
    made = factors.make_codes(user=request.user, at=at)
    wanted = request.session.pop(WANTED, "")
    on = wanted if is_ours(request, wanted) else reverse("my_factors")
    return show(request, codes=made, on=on)


def drop(request: HttpRequest, at) -> HttpResponse:
    pk = whole(request.POST.get("factor", "")) or 0
    factor = get_object_or_404(SecondFactor, user=request.user, pk=pk)
    factors.drop_factor(factor=factor, at=at)
    messages.success(request, _("已停用：%(factor)s") % {"factor": factor})
    return redirect("my_factors")


MOVES = {"begin": begin_app, "app": add_app, "passkey": add_passkey, "drop": drop, "codes": codes}


def show(request: HttpRequest, *, status: int = 200, **context) -> HttpResponse:
    owed = request.session.get(factors.STAGE)
    sealed, place = request.session.get(KEY), passkeys.place_of(request)
    if place:
        options, request.session[CHALLENGE] = passkeys.to_add(user=request.user, place=place)
        context["options"] = options
    if sealed:
        issuer = _("品质提升专项工作")
        address = factors.address_for_app(sealed, user=request.user, issuer=issuer)
        context |= {"qr": qr_svg(address), "key": factors.typed_by_hand(sealed)}
    context |= {
        "frame": "organization/plain.html" if owed else "base.html",
        "owed": owed,
        "mine": request.user.factors.all(),
        "left": factors.codes_left(request.user),
        "typed": request.POST,
    }
    return render(request, "organization/my_factors.html", context, status=status)


# --- for all -----------------------------------------------------------------------------------


@methods
def sign_in_rules(request: HttpRequest) -> HttpResponse:
    """Administrators choose the roles (`role`, each) that have to have a second factor."""
    require(request.user, "organization.set_sign_in_rules")
    if request.method == "POST":
        roles = request.POST.getlist("role")
        factors.demand_of(roles=roles, by=request.user, at=timezone.now())
        messages.success(request, _("存好了，从下一次登录起算。"))
        return redirect("sign_in_rules")
    demanded = factors.demanded_roles()
    holders = factors.holders()
    rows = [(role, role in demanded, *holders.get(role, (0, 0))) for role in Role]
    return render(request, "organization/sign_in_rules.html", {"rows": rows})
