"""How one is reminded: which channels, which of them can't be switched off, and why."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.reminders.choosing import choice_of, choose_channels, robots_for
from campaign.reminders.mail import what_is_wrong_with


@require_http_methods(["GET", "HEAD", "POST"])
def my_channels(request):
    if request.method == "POST":
        ticked = {name: name in request.POST for name in ("mail", "robots")}
        choose_channels(person=request.user, **ticked, by=request.user, at=timezone.now())
        messages.success(request, _("已保存。"))
        return redirect("my_channels")
    choice, person = choice_of(request.user), request.user
    robots = list(robots_for(person))
    fault = fault_of(person.email)
    context = {
        "choice": choice,
        "robots": robots,
        "fault": fault,
        "answer": answer(mail=choice.mail and not fault, robots=choice.robots and robots),
    }
    return render(request, "campaign/my_channels.html", context)


def fault_of(address: str) -> str:
    """Why no mail can reach this person; empty when it can."""
    if not address:
        return _("您没有登记邮箱，收不到邮件。请找系统管理员登记。")
    if what_is_wrong_with(address):
        words = {"address": address}
        return _("登记的邮箱 %(address)s 不对，收不到邮件。请找系统管理员更正。") % words
    return ""


def answer(*, mail: bool, robots: bool) -> str:
    """How this person hears of what is due, in one sentence."""
    if mail and robots:
        return _("提醒发到站内信、邮箱和工作群")
    if mail:
        return _("提醒发到站内信和邮箱")
    return _("提醒发到站内信和工作群") if robots else _("提醒只在站内信里")
