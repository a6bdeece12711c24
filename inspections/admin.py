"""Score sheets in the admin site: filled through the same forms and functions as on the phone."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.admin import ReadOnly
from inspections.forms.sheets import MOVES
from inspections.models import Appeal, Observation, ScoreSheet
from inspections.sheet.entries import COUNT_LIMIT, NOTE_LIMIT
from inspections.sheet.reading import read_noted
from inspections.sheet.sheet_page import SheetPage
from inspections.sheet.sheets import submit_sheet
from inspections.unannounced import kept_from
from inspections.words import Method
from organization.admin_lists import LongList
from organization.errors import Refused
from organization.prepared import prepared

MOST_BITS = 63  # of a key: a prepared query passes on what no database can hold


def with_all(sheets):
    """With what its page says of it beside the observations."""
    return sheets.select_related("campaign__results", "project", "specialty", "rubric")


def of_number(*, sheet):
    return with_all(ScoreSheet.objects.filter(pk=sheet).order_by("pk"))


any_sheet = prepared(of_number, {"sheet": ScoreSheet._meta.pk})


@admin.register(ScoreSheet)
class ScoreSheetAdmin(LongList, admin.ModelAdmin):
    """Opened on the sheets page; here it is read, filled and handed in, never edited."""

    list_display = ["__str__", "campaign", "kind", "status", "progress", "submitted_at"]
    list_filter = ["campaign", "specialty", ("submitted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["project", "specialty", "campaign"]
    search_fields = ["project__code", "project__name"]
    actions = None

    @admin.display(description=_("状态"))
    def status(self, sheet):
        return sheet.state()

    @admin.display(description=_("已评"))
    def progress(self, sheet):
        return f"{sheet.looked_at} / {sheet.item_count}"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        sheet = self.sheet_or_404(request, object_id)
        if request.method == "POST":
            return self.take(request, sheet)
        return self.show(request, sheet)

    def sheet_or_404(self, request, object_id) -> ScoreSheet:
        sheet = self.sheet_of(request, object_id) if object_id.isdecimal() else None
        if sheet is None:
            raise Http404
        if not self.has_view_permission(request, sheet):
            raise PermissionDenied
        return sheet

    def sheet_of(self, request, object_id: str) -> ScoreSheet | None:
        reader = request.user
        sees_all = reader.sees_company and not reader.project_ids
        if sees_all and int(object_id).bit_length() <= MOST_BITS:
            return next(iter(any_sheet(sheet=int(object_id))), None)
        return with_all(self.get_queryset(request)).filter(pk=object_id).first()

    def take(self, request, sheet):
        """One move, as on the phone page; refused, it stands again with what was typed."""
        may = self.has_change_permission(request, sheet)
        if not may or not request.user.has_perm("inspections.fill_sheet", sheet):
            raise PermissionDenied
        move = request.POST.get("do", "")
        if move == "submit":
            return self.submit(request, sheet)
        if move not in MOVES:
            raise Http404
        form = MOVES[move](sheet, request.POST, request.FILES)
        if not form.put(by=request.user, at=timezone.now()):
            for texts in form.errors.values():
                messages.error(request, " ".join(texts))
            return self.show(request, sheet, bound=form)
        item = next(iter(form.items()), None)
        return redirect(f"{self.address(sheet)}#item-{item}")

    def submit(self, request, sheet):
        try:
            submit_sheet(sheet=sheet, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(sheet)s”已提交。") % {"sheet": sheet})
        return redirect(self.address(sheet))

    def address(self, sheet) -> str:
        return reverse("admin:inspections_scoresheet_change", args=[sheet.pk])

    def show(self, request, sheet, *, bound=None):
        read_noted(sheet)
        page = SheetPage(sheet, request.user, bound=bound)
        context = self.admin_site.each_context(request) | {
            "title": str(sheet),
            "opts": self.opts,
            "sheet": sheet,
            "campaign": sheet.campaign,
            "page": page,
            "methods": Method.choices,
            "note_limit": NOTE_LIMIT,
            "count_limit": COUNT_LIMIT,
        }
        status = 422 if bound else 200
        return TemplateResponse(request, "inspections/sheet_admin.html", context, status=status)


@admin.register(Appeal)
class AppealAdmin(LongList, ReadOnly):
    """To look at only: appeals are made and decided on their own pages."""

    list_display = ["made_at", "sheet", "item", "stood", "outcome", "points", "decided_by"]
    list_filter = ["outcome", ("decided_at", admin.EmptyFieldListFilter)]
    list_select_related = ["sheet__project", "sheet__specialty", "item", "decided_by"]
    search_fields = ["sheet__project__name", "item__code", "reason", "decision"]
    date_hierarchy = "made_at"
    opens_alike = True
    fields = [
        "sheet", "item", "requirement", "rule", "stood", "reason", "due", "made_at", "made_by",
        "taken_back_at", "taken_back_by", "outcome", "points", "decision", "decided_at",
        "decided_by", "entry",
    ]  # fmt: skip


@admin.register(Observation)
class ObservationAdmin(LongList, ReadOnly):
    """To look at only: observations are made on a sheet, and never changed."""

    list_display = [
        "recorded_at", "sheet", "item", "kind", "rule", "count", "points", "method", "by",
    ]  # fmt: skip
    list_filter = ["kind", "method"]
    list_select_related = ["item", "rule", "by"]
    search_fields = ["sheet__project__name", "item__code", "note"]
    date_hierarchy = "recorded_at"
    opens_alike = True
    fields = [
        "sheet", "kind", "item", "requirement", "rule", "count", "points", "method", "note", "by",
        "observed_at", "recorded_at", "withdraws",
    ]  # fmt: skip

    def get_queryset(self, request):
        """Sheets by themselves: PostgreSQL thinks for longer about seven tables than it reads."""
        sheets = ScoreSheet.objects.select_related("project", "specialty")
        rows = super().get_queryset(request).prefetch_related(Prefetch("sheet", sheets))
        (hidden,) = self.seen_alike(request)
        return rows.exclude(sheet__in=hidden) if hidden else rows

    def seen_alike(self, request):
        """By what is hidden: what is seen on the own project's sheets before they are handed in."""
        closed = (keys for model, keys in kept_from(request.user) if model is ScoreSheet)
        return (tuple(next(closed, ())),)
