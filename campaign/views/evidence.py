"""Files on record: choosing some for another obligation, a file's versions, whose notes it has."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.answers import first_day
from campaign.bulk import is_number
from campaign.coverage import departments
from campaign.evidence import reuse_evidence, revise_evidence, versions_before
from campaign.forms import NotesForm, ReuseForm, VersionForm, renewed
from campaign.models import Evidence
from campaign.notes import mark_notes
from campaign.on_record import PER_PAGE, OnRecord, on_record
from campaign.words import EvidenceKind
from organization.errors import Conflict, Refused, move_of, require


def owed_or_404(request, campaign, pk):
    campaign = campaign_or_404(request, campaign)
    visible = campaign.obligations.visible_to(request.user).with_all()
    return get_object_or_404(visible, pk=pk)


# --- files already on record ---


@require_http_methods(["GET", "HEAD", "POST"])
def files_on_record(request, campaign, pk):
    owed = owed_or_404(request, campaign, pk)
    require(request.user, "campaign.submit", owed)
    form = ReuseForm(request.POST or None, required_kinds=owed.milestone.evidence)
    if request.method == "POST" and form.is_valid() and reuse_chosen(request, owed, form):
        return redirect(owed)
    return show_files(request, owed, form)


def reuse_chosen(request, owed, form) -> bool:
    """Use every ticked file that can be used, name the others; whether all went well."""
    ticks = [pk for pk in request.POST.getlist("chosen") if is_number(pk)]
    if not ticks:
        form.add_error(None, _("请先勾选文件。"))
    used = 0
    for evidence in on_record(owed, request.user).filter(pk__in=ticks):
        kind = form.cleaned_data.get("kind") or evidence.kind
        known = {"kind": kind, "by": request.user, "at": timezone.now()}
        try:
            reuse_evidence(obligation=owed, evidence=evidence, **known)
            used += 1
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if used + len(form.non_field_errors()) < len(ticks):
        form.add_error(None, _("有的文件刚刚被撤下或换了新版，请重新选择。"))
    if used:
        words = ngettext("已选用 %(count)d 个文件。", "已选用 %(count)d 个文件。", used)
        messages.success(request, words % {"count": used})
    return form.is_valid()


def show_files(request, owed, form):
    """A page of what may be used, narrowed by the address."""
    q, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    found = OnRecord(owed, request.user, q, kind)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    here = set(owed.evidence.standing().values_list("file__sha256", flat=True))
    for row in page:
        row.is_here = row.file.sha256 in here
    context = {
        "campaign": owed.campaign,
        "obligation": owed,
        "first_day": first_day(owed.campaign),
        "page": page,
        "form": form,
        "ticked": set(request.POST.getlist("chosen")),
        "q": q,
        "kind": kind,
        "kinds": form.fields["kind"].choices[1:],
    }
    return render(request, "campaign/files_on_record.html", context)


# --- one file ---


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request, campaign, pk, evidence):
    owed = owed_or_404(request, campaign, pk)
    of_it = owed.evidence.select_related("file", "added_by", "replaced_by", "reused_from")
    found = get_object_or_404(of_it, pk=evidence)
    found.obligation = owed
    if request.method != "POST":
        return show_file(request, found)
    move = move_of(FILE_MOVES, request.POST.get("move"))
    require(request.user, "campaign.submit", owed)
    return move(request, found)


def show_file(request, found: Evidence, *, version=None, notes=None, ticked=None, **more):
    """The file, its versions, where else it counts, whose notes are in it."""
    owed = found.obligation
    status = more.pop("status", 200)
    used = Evidence.objects.standing().visible_to(request.user).filter(file=found.file_id)
    context = {
        "campaign": owed.campaign,
        "obligation": owed,
        "evidence": found,
        "older": versions_before(found),
        "elsewhere": used.exclude(obligation=owed).select_related(
            "obligation__milestone", "obligation__campaign"
        ),
        "first_day": first_day(owed.campaign),
        "version": version or VersionForm(),
    }
    if owed.asks_for_notes and found.kind == EvidenceKind.NOTES:
        context |= marking(found, notes, ticked)
    return render(request, "campaign/evidence.html", context | more, status=status)


def marking(found: Evidence, form, ticked) -> dict:
    """The project's people by department, with ticks as they stand or as they were sent."""
    standing = found.notes_of.filter(unmarked_at__isnull=True)
    marked = set(standing.values_list("person", flat=True))
    initial = {"others": found.others, "revision": found.obligation.revision}
    return {
        "is_notes": True,
        "departments": departments(found.obligation.project),
        "marked": marked if ticked is None else ticked,
        "marked_count": len(marked) + found.others,
        "notes": form or NotesForm(initial=initial),
    }


def revise(request, found: Evidence):
    form = VersionForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_file(request, found, version=form)
    known = {"by": request.user, "at": timezone.now()}
    try:
        newer = revise_evidence(evidence=found, **form.cleaned_data, **known)
    except ValidationError as error:
        form.add_error("upload", error)
    except Refused as refusal:
        form.add_error(refusal.field or "upload", str(refusal))
    if form.errors:
        return show_file(request, found, version=form)
    messages.success(request, _("已换成第 %(version)d 版。") % {"version": newer.version})
    return redirect("evidence", found.obligation.campaign.code, found.obligation_id, newer.pk)


def mark(request, found: Evidence):
    form, ticked = NotesForm(request.POST), ticked_people(request, found)
    if not form.is_valid():
        return show_file(request, found, notes=form, ticked=ticked)
    known = {"by": request.user, "at": timezone.now(), **form.cleaned_data}
    try:
        mark_notes(evidence=found, people=staff(found, ticked), **known)
    except Conflict as conflict:
        form.add_error(
            None, _("您打开这一页之后，这项任务有了变化。您勾选的都还在，请看过再保存。")
        )
        found.obligation = conflict.theirs
        again = renewed(form, conflict.theirs.revision)
        return show_file(request, found, notes=again, ticked=ticked, status=409)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return show_file(request, found, notes=form, ticked=ticked)
    messages.success(request, _("已登记。"))
    return redirect("evidence", found.obligation.campaign.code, found.obligation_id, found.pk)


def ticked_people(request, found: Evidence) -> set[int]:
    """People ticked one by one, and all of a ticked department."""
    ticked = {int(pk) for pk in request.POST.getlist("person") if is_number(pk)}
    whole = set(request.POST.getlist("department"))
    if found.obligation.project:
        for department in departments(found.obligation.project):
            if department.name in whole:
                ticked |= {person.pk for person in department.people}
    return ticked


def staff(found: Evidence, ticked: set[int]):
    """Those of the ticked who are in the project; others were never on the page."""
    project = found.obligation.project
    people = departments(project) if project else []
    return [each for group in people for each in group.people if each.pk in ticked]


FILE_MOVES = {"revise": revise, "mark": mark}
