"""On-site support: the list of visits, writing one down, and the project's word about it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign import visits as moves
from campaign.access import campaign_or_404
from campaign.bulk import is_number
from campaign.forms import ReasonForm, VisitChangeForm, VisitForm, renewed
from campaign.models import SupportVisit, VisitFile
from campaign.visit_lists import VisitList
from organization.errors import Conflict, Refused, move_of, require
from organization.history import history_of, story_of
from organization.replica import may_lag


@may_lag
@require_safe
def visits(request, campaign):
    campaign = campaign_or_404(request, campaign)
    found = VisitList(campaign, request.user, request.GET, timezone.now())
    page = found.page(request.GET.get("page"))
    return render(
        request, "campaign/visits.html", {"campaign": campaign, "found": found, "page": page}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request, campaign, pk):
    campaign = campaign_or_404(request, campaign)
    visible = campaign.obligations.visible_to(request.user).with_all()
    owed = get_object_or_404(visible, pk=pk)
    require(request.user, "campaign.submit", owed)
    if not owed.asks_for_visits:
        raise Http404
    form = VisitForm(request.POST or None, request.FILES or None, projects=campaign.projects.all())
    if request.method == "POST" and form.is_valid():
        logged = log(request, owed, form)
        if logged:
            return redirect(logged)
    context = {"campaign": campaign, "obligation": owed, "form": form}
    return render(request, "campaign/visit_new.html", context)


def log(request, owed, form) -> SupportVisit | None:
    """Write it down and keep the files that can be kept; those that can't are named."""
    typed, at = dict(form.cleaned_data), timezone.now()
    files = typed.pop("files")
    try:
        visit = moves.log_visit(obligation=owed, **typed, by=request.user, at=at)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return None
    messages.success(request, _("已登记，等项目确认。"))
    for words in add_files(request, visit, files, at):
        messages.error(request, words)
    return visit


def add_files(request, visit, files, at) -> list[str]:
    """Keep every file that can be kept; what is wrong with the others."""
    wrong = []
    for upload in files:
        try:
            moves.add_visit_file(visit=visit, upload=upload, by=request.user, at=at)
        except ValidationError as error:
            wrong += error.messages
        except Refused as refusal:
            wrong.append(str(refusal))
    return wrong


# --- one visit ---


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request, campaign, pk):
    campaign = campaign_or_404(request, campaign)
    visible = SupportVisit.objects.visible_to(request.user).with_all()
    found = get_object_or_404(visible, obligation__campaign=campaign, pk=pk)
    if request.method != "POST":
        return show(request, found)
    asked = "remove" if "remove" in request.POST else request.POST.get("move")
    permission, move = move_of(VISIT_MOVES, asked)
    require(request.user, permission, found)
    return move(request, found)


def show(request, found, *, change=None, objection=None, status=200, **more):
    """The visit as it stands, with whatever was typed into its forms."""
    user, owed = request.user, found.obligation
    fresh = {name: getattr(found, name) for name in ("day", "went", "found", "revision")}
    context = {
        "campaign": owed.campaign,
        "visit": found,
        "obligation": owed,
        "state": found.state(),
        "files": found.files.filter(removed_at=None).select_related("file", "added_by"),
        "may_edit": user.has_perm("campaign.edit_visit", found) and owed.is_open,
        "may_confirm": user.has_perm("campaign.confirm_visit", found) and owed.is_open,
        "change": change or VisitChangeForm(initial=fresh),
        "objection": objection or ReasonForm(initial={"revision": found.revision}),
        "entries": story_of(found, 30),
    }
    return render(request, "campaign/visit.html", context | more, status=status)


def edit(request, found):
    """Keep the correction, then the files; nothing typed is lost over either."""
    form = VisitChangeForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, found, change=form)
    typed, at = dict(form.cleaned_data), timezone.now()
    files, revision = typed.pop("files"), typed.pop("revision")
    try:
        now = moves.edit_visit(
            visit=found, changes=typed, by=request.user, at=at, revision=revision
        )
    except Conflict as conflict:
        again = renewed(form, conflict.theirs.revision)
        return show_conflict(request, conflict, revision, typed["found"], change=again)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return show(request, reread(found), change=form)
    for words in add_files(request, now, files, at):
        form.add_error("files", words)
    if form.errors:
        now = reread(found)
        return show(request, now, change=renewed(form, now.revision))
    messages.success(request, _("已保存。"))
    return redirect(found)


def remove(request, found):
    """Take one file away."""
    pk = request.POST["remove"]
    if not is_number(pk):
        raise Http404
    file = get_object_or_404(VisitFile.objects.select_related("file"), visit=found, pk=pk)
    file.visit = found
    return do(request, found, lambda **known: moves.remove_visit_file(file=file, **known))


def withdraw(request, found):
    return judged(request, found, moves.withdraw_visit, _("已撤回。"))


def confirm(request, found):
    return judged(request, found, moves.confirm_visit, _("已确认。"))


def dispute(request, found):
    return judged(request, found, moves.dispute_visit, _("已提出异议。"), needs_reason=True)


def judged(request, found, move, words, *, needs_reason=False):
    """A move about the visit as its reader saw it; what was typed stays over a refusal."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, found, objection=form)
    typed = form.cleaned_data
    reason = {"reason": typed["reason"]} if needs_reason else {}
    try:
        move(visit=found, by=request.user, at=timezone.now(), revision=typed["revision"], **reason)
    except Conflict as conflict:
        again = renewed(form, conflict.theirs.revision)
        seen = typed["revision"]
        return show_conflict(request, conflict, seen, typed["reason"], objection=again)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return show(request, reread(found), objection=form)
    messages.success(request, words)
    return redirect(found)


def do(request, found, move):
    try:
        move(by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


def show_conflict(request, conflict, revision: int, typed: str, **forms):
    """What happened meanwhile, beside what was typed."""
    now = reread(conflict.theirs)
    opened = min(max(revision, 0), now.revision)  # no longer than a database's numbers
    meanwhile = history_of(now).filter(detail__revision__gt=opened)
    return show(request, now, status=409, meanwhile=meanwhile, typed=typed, **forms)


def reread(found: SupportVisit) -> SupportVisit:
    return SupportVisit.objects.with_all().get(pk=found.pk)


# What a button asks for: who may, and what it does.
VISIT_MOVES = {
    "edit": ("campaign.edit_visit", edit),
    "remove": ("campaign.edit_visit", remove),
    "withdraw": ("campaign.edit_visit", withdraw),
    "confirm": ("campaign.confirm_visit", confirm),
    "dispute": ("campaign.confirm_visit", dispute),
}
