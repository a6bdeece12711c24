"""Score sheets: the list of all of them, one to be filled or read, handing it in."""

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.access import campaign_or_404, remember
from campaign.models import Campaign
from inspections.appeal.marks import Marks
from inspections.models import AuditVisit, ScoreSheet
from inspections.self_check.self_checks import PHASE as SELF_CHECK
from inspections.sheet.due_sheets import INSPECTION
from inspections.sheet.entries import COUNT_LIMIT, NOTE_LIMIT
from inspections.sheet.log import SheetLog
from inspections.sheet.reading import read_noted
from inspections.sheet.sheet_list import Asked, SheetList
from inspections.sheet.sheet_page import SheetPage
from inspections.sheet.sheets import open_sheet, submit_sheet
from inspections.words import Method
from organization import states
from organization.errors import Refused, require
from organization.history import history_of
from organization.models import Specialty, User
from organization.prepared import prepared

MOST_BITS = 63  # of a key: a prepared query passes on what no database can hold


@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request, campaign):
    """All sheets by project and specialty; a POST opens the one that is not there yet."""
    campaign = campaign_or_404(request, campaign)
    if request.method == "POST":
        return open_one(request, campaign)
    asked = Asked.of(request.GET)
    found = SheetList(campaign, request.user, asked)
    context = {"campaign": campaign, "found": found, "asked": asked, "at": timezone.now()}
    return render(request, "inspections/sheets.html", context)


def open_one(request, campaign: Campaign):
    specialty = get_object_or_404(Specialty, code=request.POST.get("specialty", ""))
    project = get_object_or_404(campaign.projects, code=request.POST.get("project", ""))
    require(request.user, "inspections.open_sheet", specialty)
    try:
        sheet = open_sheet(
            campaign=campaign,
            project=project,
            specialty=specialty,
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('sheets', args=[campaign.code])}?{request.GET.urlencode()}")
    return redirect(sheet)


@require_safe
def sheet(request, campaign, pk):
    return show(request, sheet_or_404(request, campaign, pk))


@require_POST
def submit(request, campaign, pk):
    """Close the sheet for entry; what nobody looked at is named."""
    sheet = sheet_or_404(request, campaign, pk)
    require(request.user, "inspections.fill_sheet", sheet)
    try:
        submit_sheet(sheet=sheet, by=request.user, at=timezone.now())
    except Refused as refusal:
        return show(request, sheet, refused=str(refusal), status=422)
    words = _("“%(sheet)s”的自查已提交。") if sheet.is_self_check else _("“%(sheet)s”已提交。")
    messages.success(request, words % {"sheet": sheet})
    return redirect(sheet)


@require_safe
def log(request, campaign, pk):
    sheet = sheet_or_404(request, campaign, pk)
    found = SheetLog(sheet, request.user, request.GET)
    context = {
        "campaign": sheet.campaign,
        "sheet": sheet,
        "found": found,
        "page": found.page,
        "entries": history_of(sheet),
    }
    return render(request, "inspections/sheet_log.html", context)


def sheet_or_404(request, code: str, pk: int) -> ScoreSheet:
    """A sheet that the reader may know of, of a campaign that the reader may know of."""
    reader = request.user
    if pk.bit_length() > MOST_BITS:
        raise Http404
    if reader.sees_company and not reader.project_ids:  # sees all of them
        sheet = next(iter(of_company(code=code, sheet=pk, reader=reader.pk)), None)
    else:
        campaigns = Campaign.objects.visible_to(reader).filter(code=code)
        found = ScoreSheet.objects.visible_to(reader).filter(campaign__in=campaigns, pk=pk)
        sheet = for_page(found, reader.pk).first()
    if sheet is None:
        raise Http404
    remember(request, sheet.campaign)
    if sheet.is_self_check:
        request.belongs_to = "self_checks"
    return sheet


def for_page(sheets, reader):
    """With how they are signed, and by what the reader visits now: what is entered most likely."""
    going = AuditVisit.objects.under_way().filter(auditors__pk=reader)
    here = going.filter(campaign=OuterRef("campaign"), project=OuterRef("project"))
    begun = here.order_by("-started_at").values("method")[:1]
    found = sheets.annotate(visit_method=Subquery(begun)).with_signing().order_by("pk")
    return found.select_related("campaign__results", "project", "specialty", "rubric")


def any_sheet(*, code, sheet, reader):
    return for_page(ScoreSheet.objects.filter(campaign__code=code, pk=sheet), reader)


OF_COMPANY = {
    "code": Campaign._meta.get_field("code"),
    "sheet": ScoreSheet._meta.pk,
    "reader": User._meta.pk,
}
of_company = prepared(any_sheet, OF_COMPANY)


def show(request, sheet: ScoreSheet, *, bound=None, refused="", status=200):
    """The page as things stand, with what was typed and refused."""
    read_noted(sheet)
    opened, marks = asked_item(request, sheet, bound), Marks([sheet], request.user, timezone.now())
    page = SheetPage(sheet, request.user, bound=bound, open_code=opened, marks=marks)
    context = surroundings(page) | {
        "refused": refused or unplaced(bound),
        "outside_phase": page.may_fill and is_outside_phase(sheet),
    }
    return render(request, "inspections/sheet.html", context, status=status)


def surroundings(page: SheetPage) -> dict:
    """What every part of the page needs."""
    sheet = page.sheet
    return {
        "campaign": sheet.campaign,
        "sheet": sheet,
        "page": page,
        "at": timezone.now(),
        "entry_url": reverse("sheet_entry", args=[sheet.campaign.code, sheet.pk]),
        "parts_url": reverse("sheet_parts", args=[sheet.campaign.code, sheet.pk]),
        "log_url": reverse("sheet_log", args=[sheet.campaign.code, sheet.pk]),
        "methods": Method.choices,
        "note_limit": NOTE_LIMIT,
        "count_limit": COUNT_LIMIT,
    }


def asked_item(request, sheet, bound) -> str:
    """The code of the item to show open: the one asked for, or where something was refused."""
    if bound is None:
        return request.GET.get("item", "")
    items = bound.items()
    return next((line.item.code for pk, line in bound.outline.lines.items() if pk in items), "")


def unplaced(bound) -> str:
    """The sentences of a refused form that has no place on the page."""
    if bound is None or bound.has_place:
        return ""
    return " ".join(text for texts in bound.errors.values() for text in texts)


def is_outside_phase(sheet: ScoreSheet) -> bool:
    """Allowed and flagged (ruling 16)."""
    phase = sheet.campaign.phase_called(SELF_CHECK if sheet.is_self_check else INSPECTION)
    return phase is None or phase.state(at=timezone.now()) != states.IN_PROGRESS
