"""Participating projects: entered, taken out, and what each does not have."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.participants import leave_projects, set_lacks
from campaign.projects_page import ProjectsPage
from campaign.setup import enter_projects
from organization.errors import Refused, require
from organization.models import Project, Specialty


@require_http_methods(["GET", "HEAD", "POST"])
def projects(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "campaign.enter_projects", held)
    if request.method == "POST":
        return change(request, held)
    return show(request, ProjectsPage(held, request.GET))


def show(request, page, status=200):
    context = {"campaign": page.campaign, "shown": page}
    return render(request, "campaign/setup_projects.html", context, status=status)


def change(request, campaign):
    """What stands on the page is kept together, or not at all; a refusal shows it again."""
    try:
        words = keep(request, campaign)
    except Refused as refusal:
        page = ProjectsPage(campaign, request.GET, typed=request.POST, problem=str(refusal))
        return show(request, page, status=422)
    messages.success(request, words)
    return redirect(request.get_full_path())


@transaction.atomic
def keep(request, campaign) -> str:
    """The specialties that rows lack, and then what the button says."""
    at, move = timezone.now(), MOVES.get(request.POST.get("do"))
    for project in chosen(request, "row"):
        pks = numbers(request.POST.getlist(f"lacks-{project.pk}"))
        lacking = Specialty.objects.filter(pk__in=pks)
        set_lacks(campaign=campaign, project=project, specialties=lacking, by=request.user, at=at)
    return move(request, campaign, at) if move else _("已保存。")


def enter(request, campaign, at) -> str:
    return entered(request, campaign, chosen(request, "project").active(), at)


def enter_all(request, campaign, at) -> str:
    """All that the filter leaves, on all its pages."""
    outside = ProjectsPage(campaign, request.GET).narrowed("out")
    return entered(request, campaign, outside.active(), at)


def entered(request, campaign, projects, at) -> str:
    new = enter_projects(campaign=campaign, projects=projects, by=request.user, at=at)
    if not new:
        raise Refused(_("请先勾选还没参加的项目。"), code="nothing")
    count = len(new)
    return ngettext("%(count)d 个项目已加入。", "%(count)d 个项目已加入。", count) % {
        "count": count
    }


def leave(request, campaign, at) -> str:
    asked = chosen(request, "project")
    gone = len(leave_projects(campaign=campaign, projects=asked, by=request.user, at=at))
    if not gone:
        raise Refused(_("请先勾选要退出的项目。"), code="nothing")
    return ngettext("%(count)d 个项目已退出。", "%(count)d 个项目已退出。", gone) % {"count": gone}


MOVES = {"enter": enter, "enter_all": enter_all, "leave": leave}


def chosen(request, name: str):
    return Project.objects.filter(pk__in=numbers(request.POST.getlist(name)))


def numbers(typed: list[str]) -> list[int]:
    """Ids of what was ticked; anything else in the request is passed over."""
    return [int(each) for each in typed if each.isdecimal() and len(each) < 10]
