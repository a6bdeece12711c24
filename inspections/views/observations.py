"""One entry on a sheet: saved at once; scripts get what changed, everybody else the page."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspections.forms.sheets import MOVES, EntryForm
from inspections.models import ScoreSheet
from inspections.sheet.sheet_page import SheetPage
from inspections.sheet.touched import Touched
from inspections.views.sheets import sheet_or_404, show, surroundings
from organization.errors import require

UNPROCESSABLE = 422


@require_POST
def entry(request, campaign, pk):
    """Put one move on record. With JSON accepted: the changed parts of the page, by their ids."""
    sheet = sheet_or_404(request, campaign, pk)
    scripted = not request.accepts("text/html")
    if scripted and not request.user.has_perm("inspections.fill_sheet", sheet):
        # a verdict that the page can show, unlike an error page
        return JsonResponse(
            {"error": _("您不能填这张评分表。"), "field": "", "code": "403"}, status=403
        )
    require(request.user, "inspections.fill_sheet", sheet)
    form_class = MOVES.get(request.POST.get("do", ""))
    if form_class is None:
        raise Http404
    form = form_class(sheet, request.POST, request.FILES)
    done = form.put(by=request.user, at=timezone.now())
    if not scripted:
        return next_page(request, sheet, form, done)
    return changed(request, sheet, form) if done else refused(form)


def next_page(request, sheet: ScoreSheet, form: EntryForm, done: bool):
    """Without scripts: back to the item, or the page again with everything typed."""
    if done:
        item = next(iter(form.items()), None)
        line = SheetPage(sheet, request.user).ledger.outline.lines.get(item)
        here = f"?item={line.item.code}#{line.item.code}" if line else ""
        return redirect(sheet.get_absolute_url() + here)
    return show(request, sheet, bound=form, status=UNPROCESSABLE)


def refused(form: EntryForm) -> JsonResponse:
    """The first sentence, the field it belongs to, and the code of the rule."""
    field, errors = next(iter(form.errors.as_data().items()))
    answer = {"error": form.errors[field][0], "field": field, "code": errors[0].code}
    return JsonResponse(answer, status=UNPROCESSABLE)


def changed(request, sheet: ScoreSheet, form: EntryForm) -> JsonResponse:
    """The pieces of the page that look different now, each with the id of its place."""
    page, items = SheetPage(sheet, request.user, whole=False), form.items()
    moved_on = page.ledger.moved_on
    return pieces(
        request,
        page,
        items,
        moved_on=moved_on,
        whole=items if form.changes_rows else frozenset(),
        rows={form.touched},
        shots=form.changes_shots,
    )


@require_safe
def parts(request, campaign, pk):
    """The same for what a batch of entries touched: `seen` observations and whole `item`s."""
    sheet = sheet_or_404(request, campaign, pk)
    touched = Touched.of(sheet, request.GET)
    # several rows are read at once, one by itself
    page = SheetPage(sheet, request.user, whole=len(touched.items) > 1)
    return pieces(
        request,
        page,
        touched.items,
        moved_on=True,
        whole=touched.whole,
        rows=touched.rows,
        shots=bool(request.GET.get("shots")),
    )


def pieces(request, page: SheetPage, items, *, moved_on, whole, rows, shots) -> JsonResponse:
    """`whole` items come with all their rows, of the others only these; `moved_on` whether items
    came to those looked at; `shots` whether pictures came or went.
    """
    cards = page.cards_of(items)
    context = surroundings(page) | {
        "cards": cards,
        "parts": [part for part in page.parts if moved_on and part.holds(cards)],
        "act_changes": moved_on or any(card.item.photo_required for card in cards),
        "whole": whole,
        "touched": rows,
        "shots_change": shots,
    }
    html = render_to_string("inspections/_sheet_answer.html", context, request)
    return JsonResponse({"html": html})
