"""One entry on a sheet: saved at once; scripts get what changed, everybody else the page."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from inspections.cards import Card, SheetPage
from inspections.forms.sheets import MOVES, EntryForm
from inspections.models import ScoreSheet
from inspections.views.sheets import sheet_or_404, show, surroundings
from organization.errors import require

UNPROCESSABLE = 422


@require_POST
def entry(request, campaign, pk):
    """Put one move on record. With JSON accepted: the changed parts of the page, by their ids."""
    sheet = sheet_or_404(request, campaign, pk)
    require(request.user, "inspections.fill_sheet", sheet)
    form_class = MOVES.get(request.POST.get("do", ""))
    if form_class is None:
        raise Http404
    form = form_class(sheet, request.POST, request.FILES)
    done = form.put(by=request.user, at=timezone.now())
    if request.accepts("text/html"):
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
    page = SheetPage(sheet, request.user)
    cards = page.cards_of(form.items())
    context = surroundings(request, page)
    parts = {}
    for card in cards:
        about = context | {"card": card}
        parts |= parts_of(card, about, request)
        if form.changes_rows:
            parts[f"body-{card.item.pk}"] = part("body", about, request)
    return JsonResponse({"parts": parts | totals(page, context, request)})


def parts_of(card: Card, context: dict, request) -> dict[str, str]:
    """What an entry may change on a card; never a field that somebody may be typing in."""
    item = card.item.pk
    parts = {
        f"head-{item}": part("head", context, request),
        f"foot-{item}": part("foot", context, request),
        f"log-{item}": part("log", context, request),
        f"toc-{item}": part("toc_item", context, request),
    }
    for row in card.rows:
        about, key = context | {"row": row}, row.requirement.pk
        parts[f"sum-{key}"] = part("sum", about, request)
        parts[f"seen-{key}"] = part("seen", about | {"list": row.others}, request)
        parts[f"shots-{key}"] = part("shots", about | {"files": row.photos}, request)
    return parts


def totals(page: SheetPage, context: dict, request) -> dict[str, str]:
    parts = {
        "title": part("title", context, request),
        "steps": part("steps", context, request),
        "total-num": part("total_num", context, request),
        "total-more": part("total_more", context, request),
        "total-act": part("total_act", context, request),
    }
    for each in page.parts:
        about, key = context | {"part": each}, each.section.pk
        parts[f"toc-part-{key}"] = part("toc_part", about, request)
        parts[f"part-foot-{key}"] = part("part_foot", about, request)
    return parts


def part(name: str, context: dict, request) -> str:
    return render_to_string(f"inspections/_sheet_{name}.html", context, request).strip()
