"""One obligation: what is asked and what is there, handing it in, and reviewing it."""

from dataclasses import dataclass, field
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign import obligations
from campaign.access import campaign_or_404
from campaign.answers import answer, first_day
from campaign.coverage import notes_of
from campaign.forms import ReviewForm, WorkForm, renewed
from campaign.models import Campaign, Evidence, Obligation, SupportVisit
from campaign.obligations import changes_since
from campaign.obstacles import missing_kinds, obstacles
from campaign.visit_counts import counts_of_one
from campaign.words import EvidenceKind
from organization.errors import Conflict, Refused, move_of, require
from organization.history import story_of
from organization.models import Project
from organization.numbers import whole
from organization.prepared import keep_related, prepared

ENTRIES_SHOWN = 30
VISITS_SHOWN = 20
PEOPLE = "submitted_by", "accepted_by"


@require_http_methods(["GET", "HEAD", "POST"])
def obligation(request, campaign, pk):
    campaign = campaign_or_404(request, campaign)
    if request.method != "POST":
        return show(request, seen_or_404(campaign, request.user, pk))
    owed = with_evidence(campaign.obligations.visible_to(request.user))
    found = get_object_or_404(owed, pk=pk)
    found.campaign = campaign
    asked = "withdraw" if "withdraw" in request.POST else request.POST.get("move")
    permission, move = move_of(MOVES, asked)
    require(request.user, permission, found)
    return move(request, found, timezone.now())


def seen_or_404(campaign, user, pk) -> Obligation:
    """The same to be read only, put into SQL once: it takes longer to find out how to read that
    many tables than to read them.
    """
    projects = [] if user.sees_company else sorted(user.project_ids)
    about = {"campaign": campaign.pk, "pk": pk, "sees_all": user.sees_company}
    found = next(iter(seen(**about, projects=projects)), None)
    if found is None:
        raise Http404
    found.campaign = campaign
    keep_related(found, "evidence", evidence_of(obligation=found.pk))
    return found


def visible(*, campaign, pk, projects, sees_all: bool) -> QuerySet[Obligation]:
    owed = Obligation.objects.filter(pk=pk, campaign__pk=campaign)
    owed = owed if sees_all else owed.of_projects_or_company(projects)
    return owed.select_related("milestone__phase", "project", "specialty", *PEOPLE).order_by()


def everything_of(*, obligation) -> QuerySet[Evidence]:
    found = Evidence.objects.filter(obligation__pk=obligation)
    return found.select_related("file", "added_by")


ASKED = {"campaign": Campaign._meta.pk, "pk": Obligation._meta.pk, "projects": Project._meta.pk}
seen = prepared(visible, ASKED)
evidence_of = prepared(everything_of, {"obligation": Obligation._meta.pk})


@dataclass
class Slot:
    """One kind of material: what is there of it, and whether the plan asks for it."""

    kind: EvidenceKind
    required: bool
    files: list[Evidence] = field(default_factory=list)

    @property
    def is_notes(self) -> bool:
        return self.kind == EvidenceKind.NOTES


def slots(obligation: Obligation) -> list[Slot]:
    """The kinds that the plan asks for, in its order, then whatever else was added.

    Visits have a list of their own.
    """
    asked = [] if obligation.is_met_by_plan else obligation.milestone.evidence
    found = {
        kind: Slot(EvidenceKind(kind), required=True)
        for kind in asked
        if kind != EvidenceKind.VISIT_LOG
    }
    everything = list(obligation.evidence.all())
    older = {each.replaced_by_id: each for each in everything}
    for evidence in everything:
        if evidence.stands:
            kind = EvidenceKind(evidence.kind)
            evidence.older = older.get(evidence.pk)
            found.setdefault(kind, Slot(kind, required=False)).files.append(evidence)
    return list(found.values())


def show(request, obligation, *, work=None, review=None, status=200, **more):
    """The page as things stand, with whatever was typed into its forms."""
    at, user = timezone.now(), request.user
    found = obstacles(obligation)
    fresh = {"revision": obligation.revision}
    context = {
        "campaign": obligation.campaign,
        "obligation": obligation,
        "at": at,
        "state": obligation.state(at=at),
        "behind": obligation.days_late(at=at),
        "obstacles": found,
        "slots": slots(obligation),
        "first_day": first_day(obligation.campaign),
        "answer": answer(obligation, user, obstacles=found, at=at),
        "work": work or SimpleLazyObject(partial(fresh_work, obligation)),
        "review": review or ReviewForm(initial=fresh),
        "entries": story_of(obligation, ENTRIES_SHOWN),
        "queue": request.GET.get("queue", ""),
    }
    parts = support(request, obligation) | notes(obligation)
    return render(request, "campaign/obligation.html", context | parts | more, status=status)


def fresh_work(obligation: Obligation) -> WorkForm:
    """Offers the first kind that is missing and can be uploaded; beside visits, photos."""
    initial = {"revision": obligation.revision, "note": obligation.note}
    kinds = [kind for kind in missing_kinds(obligation) if kind != EvidenceKind.VISIT_LOG]
    if kinds or obligation.asks_for_visits:
        initial["kind"] = kinds[0] if kinds else EvidenceKind.PHOTO
    return WorkForm(initial=initial, required_kinds=obligation.milestone.evidence)


def support(request, obligation) -> dict:
    """The list of visits, a page of it, where the milestone asks for them."""
    if not obligation.asks_for_visits:
        return {}
    counts = counts_of_one(obligation)
    page = VisitPages(obligation, counts.total).get_page(request.GET.get("page"))
    return {"visits": page, "visit_counts": counts}


class VisitPages(Paginator):
    """An obligation's standing visits by the page, the first one put into SQL once."""

    def __init__(self, obligation: Obligation, number: int):
        super().__init__(range(number), VISITS_SHOWN)
        self.obligation = obligation

    def page(self, number):
        page = super().page(number)
        if page.number == 1:
            page.object_list = first_visits(obligation=self.obligation.pk)
        else:
            first = page.start_index() - 1
            last = first + self.per_page
            page.object_list = list(standing_visits(obligation=self.obligation.pk)[first:last])
        for visit in page.object_list:
            visit.obligation = self.obligation
        return page


def standing_visits(*, obligation) -> QuerySet[SupportVisit]:
    visits = SupportVisit.objects.standing().filter(obligation__pk=obligation)
    return visits.select_related("project")


def visits_in_front(*, obligation) -> QuerySet[SupportVisit]:
    return standing_visits(obligation=obligation)[:VISITS_SHOWN]


first_visits = prepared(visits_in_front, {"obligation": Obligation._meta.pk})


def notes(obligation) -> dict:
    """How many of the project's people have notes on file, and who has none."""
    if not obligation.asks_for_notes:
        return {}
    found = notes_of(obligation)
    return {
        "coverage": found.coverage,
        "lacking": found.lacking,
        "marked": found.by_file,
    }


def work(request, obligation, at):
    """Keep the files and the note, then do what the button says."""
    form = WorkForm(request.POST, request.FILES, required_kinds=obligation.milestone.evidence)
    if not form.is_valid():
        return show_again(request, obligation, work=form)
    typed = dict(form.cleaned_data)  # add_error takes a field out of the form's own
    typed["revision"] += attach(request, obligation, form, typed, at)
    try:
        typed["revision"] = keep_note(request, obligation, typed, at)
        said = "" if form.errors else finish(request, obligation, typed, at)
    except Conflict as conflict:
        work = renewed(form, conflict.theirs.revision)
        return show_conflict(request, conflict, typed, work=work)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    if form.errors:
        return show_again(request, obligation, work=renewed(form, typed["revision"]))
    messages.success(request, said)
    return redirect(obligation)


def attach(request, obligation, form, typed, at) -> int:
    """Keep every file that can be kept, and name those that can't; how many were kept."""
    kept = 0
    for upload in typed["files"]:
        try:
            obligations.attach_evidence(
                obligation=obligation,
                upload=upload,
                kind=typed["kind"],
                about=typed["about"],
                by=request.user,
                at=at,
            )
            kept += 1
        except ValidationError as error:
            form.add_error("files", error)
        except Refused as refusal:
            form.add_error(refusal.field or "files", str(refusal))
    return kept


def keep_note(request, obligation, typed, at) -> int:
    """Write the note down if it is another one; the revision after that."""
    if typed["note"].strip() == obligation.note:
        return typed["revision"]
    noted = obligations.write_note(
        obligation=obligation,
        note=typed["note"],
        by=request.user,
        at=at,
        revision=typed["revision"],
    )
    return noted.revision


def finish(request, obligation, typed, at) -> str:
    """Hand in, take a file away, or leave it at what was kept; what to tell the person."""
    if "withdraw" in request.POST:
        evidence = evidence_or_404(obligation, request.POST["withdraw"])
        obligations.withdraw_evidence(evidence=evidence, by=request.user, at=at)
        return _("已撤下“%(name)s”。") % {"name": evidence.file.name}
    if request.POST["move"] == "submit":
        obligations.submit(
            obligation=obligation, by=request.user, at=at, revision=typed["revision"]
        )
        return _("已提交。")
    return _("已保存。")


def evidence_or_404(obligation: Obligation, pk: str) -> Evidence:
    return get_object_or_404(obligation.evidence.select_related("file"), pk=whole(pk))


def review(request, obligation, at):
    """Accept or send back; from the queue one goes on to the next by itself."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return show_again(request, obligation, review=form)
    typed = form.cleaned_data
    try:
        messages.success(request, judge(request, obligation, typed, at))
    except Conflict as conflict:
        review = renewed(form, conflict.theirs.revision)
        return show_conflict(request, conflict, typed, review=review)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return show_again(request, obligation, review=form)
    return redirect(next_in_queue(request, obligation) if request.GET.get("queue") else obligation)


def judge(request, obligation, typed, at) -> str:
    """Accept it or send it back; what to tell the reviewer."""
    known = {"by": request.user, "at": at, "revision": typed["revision"]}
    if request.POST["move"] == "accept":
        obligations.accept(obligation=obligation, **known)
        return _("已通过：%(thing)s") % {"thing": obligation}
    obligations.send_back(obligation=obligation, reason=typed["reason"], **known)
    return _("已退回：%(thing)s") % {"thing": obligation}


def next_in_queue(request, reviewed: Obligation) -> str:
    """The next obligation that waits for this reviewer, else the list, which is empty now."""
    campaign = reviewed.campaign
    waiting = campaign.obligations.reviewable_by(request.user, campaign.milestones.all())
    following = waiting.with_all().first()
    if following is None:
        return reverse("review", args=[campaign.code])
    return following.get_absolute_url() + "?queue=1"


def show_again(request, obligation, **forms):
    """The page with what was typed, and everything else as it is now."""
    return show(request, reread(obligation), **forms)


def show_conflict(request, conflict, typed, **forms):
    """What happened meanwhile, beside what was typed: the next press is about the new state."""
    now = reread(conflict.theirs)
    seen = {
        "meanwhile": changes_since(now, typed["revision"]),
        "typed": typed.get("reason") or typed.get("note"),
        "other_note": typed.get("note", now.note) != now.note,
    }
    return show(request, now, status=409, **seen, **forms)


def reread(obligation: Obligation) -> Obligation:
    return with_evidence(Obligation.objects.all()).get(pk=obligation.pk)


def with_evidence(owed):
    read = owed.with_all().select_related(*PEOPLE)
    return read.prefetch_related("evidence__file", "evidence__added_by")


# What a button asks for: who may, and what it does.
MOVES = {
    "save": ("campaign.submit", work),
    "submit": ("campaign.submit", work),
    "withdraw": ("campaign.submit", work),
    "accept": ("campaign.accept", review),
    "return": ("campaign.accept", review),
}
