"""A rubric written in the browser: begun, its items written, moved and removed, named."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from campaign.access import campaign_or_404
from organization.errors import Conflict, Refused, require
from scoring import drafts, editing
from scoring.content import of_item
from scoring.draft_forms import FactsForm, NewDraftForm, SectionForm
from scoring.item_data import entry_data
from scoring.item_form import ItemForm
from scoring.models import Item, Rubric
from scoring.views.rubrics import rubric_or_404, show_rubric

PUBLISHED = gettext_lazy("已发布的评分细则不再改动，请以它为底稿另写一版。")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, campaign):
    """Begin a draft: empty, or as a copy of any rubric that the person may see."""
    held = campaign_or_404(request, campaign)
    require(request.user, "scoring.import_rubric", held)
    if request.method != "POST":
        return show_new(request, held, NewDraftForm(request.user, initial=request.GET.dict()))
    form = NewDraftForm(request.user, request.POST)
    if form.is_valid():
        try:
            draft = drafts.start_draft(
                campaign=held, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("草稿已经开始；每保存一项就留下一项。"))
            return redirect(draft)
    return show_new(request, held, form, status=422)


def show_new(request, campaign, form, status=200):
    standing = campaign.rubrics.drafts().select_related("specialty", "campaign")
    context = {"campaign": campaign, "form": form, "drafts": standing}
    return render(request, "scoring/rubric_new.html", context, status=status)


def draft_or_404(request, campaign, pk) -> Rubric:
    """A rubric that the person may write in; a published one is shown to be so by its moves."""
    rubric = rubric_or_404(request, campaign, pk)
    require(request.user, "scoring.import_rubric", request.campaign)
    return rubric


# --- items ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def item(request, campaign, pk, code=""):
    """One item's form; without a code that of a new one."""
    draft = draft_or_404(request, campaign, pk)
    if draft.published_at:
        messages.error(request, PUBLISHED)
        return redirect(draft)
    found = stored(draft, code)
    if request.method == "POST":
        return write(request, draft, code, found)
    if code and found is None:
        raise Http404
    data = data_of(found) if found else {"section": request.GET.get("section", "")}
    form = ItemForm(data, sections=sections_of(draft))
    return show_item(request, draft, form, found, mark_of(found))


def write(request, draft, code, found):
    form = ItemForm(data_of(found) if found else {}, request.POST, sections=sections_of(draft))
    seen = request.POST.get("seen", "")
    if not form.is_valid():
        return show_item(request, draft, form, found, seen, status=422)
    try:
        kept = editing.write_item(
            rubric=draft, item=code or None, data=form.data_dict(), seen=seen, by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except Conflict:
        return show_item(request, draft, form, found, mark_of(found), status=409)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return show_item(request, draft, form, found, seen, status=422)
    messages.success(request, _("%(code)s 已保存。") % {"code": kept})
    return redirect(address_after(request, draft, kept, form.data_dict()["section"]))


def show_item(request, draft, form, found, seen, status=200):
    """`theirs` is the item as it stands now, when somebody else changed it meanwhile."""
    context = {
        "campaign": request.campaign, "rubric": draft, "form": form, "item": found, "seen": seen,
        "conflict": status == 409,
    }  # fmt: skip
    return render(request, "scoring/rubric_item.html", context, status=status)


def address_after(request, draft, code, section) -> str:
    """Back to the item, or on to the next new one of its section."""
    if request.POST.get("then") == "another":
        return f"{draft.get_absolute_url()}items/new/?{urlencode({'section': section})}"
    return f"{draft.get_absolute_url()}#{code}"


def stored(draft, code) -> Item | None:
    items = draft.items.filter(code=code).select_related("section")
    return items.prefetch_related("requirements", "rules").first()


def data_of(found: Item) -> dict:
    return entry_data(of_item(found), found.section.name_zh_hans)


def mark_of(found: Item | None) -> str:
    return editing.item_mark(of_item(found), found.section.name_zh_hans) if found else ""


def sections_of(draft) -> list[str]:
    return list(draft.sections.order_by("order").values_list("name_zh_hans", flat=True))


# --- order ---------------------------------------------------------------------------------


@require_POST
def arrange(request, campaign, pk):
    """Move or remove an item or a section: `do` is the move, what it is about, and more."""
    draft = draft_or_404(request, campaign, pk)
    verb, *words = request.POST.get("do", "").split() or [""]
    act = MOVES.get(verb)
    if act is None or not words:
        raise Http404
    try:
        act(draft, *words[:2], by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    place = words[0] if verb in {"up", "down", "put"} else ""
    return redirect(f"{draft.get_absolute_url()}#{place}")


def up(draft, code, *_rest, by, at):
    codes = neighbours(draft, code)
    if code in codes and (place := codes.index(code)):
        editing.move_item(rubric=draft, item=code, before=codes[place - 1], by=by, at=at)


def down(draft, code, *_rest, by, at):
    codes = neighbours(draft, code)
    if code not in codes or code == codes[-1]:
        return
    before = dict(zip(codes, codes[2:], strict=False)).get(code, "")
    section = "" if before else draft.sections.get(items__code=code).code
    editing.move_item(rubric=draft, item=code, before=before, section=section, by=by, at=at)


def put(draft, code, before="", *, by, at):
    editing.move_item(rubric=draft, item=code, before=before, by=by, at=at)


def remove(draft, code, mark="", *, by, at):
    editing.remove_item(rubric=draft, item=code, seen=mark, by=by, at=at)


def section_up(draft, code, *_rest, by, at):
    codes = section_codes(draft)
    if code in codes and (place := codes.index(code)):
        editing.move_section(rubric=draft, section=code, before=codes[place - 1], by=by, at=at)


def section_down(draft, code, *_rest, by, at):
    codes = section_codes(draft)
    if code in codes and code != codes[-1]:
        before = dict(zip(codes, codes[2:], strict=False)).get(code, "")
        editing.move_section(rubric=draft, section=code, before=before, by=by, at=at)


MOVES = {
    "up": up, "down": down, "put": put, "remove": remove, "section-up": section_up,
    "section-down": section_down,
}  # fmt: skip


def neighbours(draft, code) -> list[str]:
    """The codes of the items in an item's section, in their order."""
    fellows = draft.items.filter(section__items__code=code, section__rubric=draft)
    return list(fellows.order_by("order", "pk").values_list("code", flat=True))


def section_codes(draft) -> list[str]:
    return list(draft.sections.order_by("order", "pk").values_list("code", flat=True))


# --- names -----------------------------------------------------------------------------------


@require_POST
def section(request, campaign, pk, code):
    draft = draft_or_404(request, campaign, pk)
    form = SectionForm(request.POST, prefix=code)
    if form.is_valid():
        try:
            editing.rename_section(
                rubric=draft, section=code, by=request.user, at=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("类别已改名。"))
            return redirect(draft)
    return show_again(request, draft, renaming=(code, form))


@require_POST
def facts(request, campaign, pk):
    draft = draft_or_404(request, campaign, pk)
    form = FactsForm(request.POST)
    if form.is_valid():
        try:
            drafts.rename_rubric(
                rubric=draft, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("名称和权重已保存。"))
            return redirect(draft)
    return show_again(request, draft, facts=form)


def show_again(request, draft, **typed):
    """With what was typed; a rubric that was published meanwhile has no place for it."""
    problem = PUBLISHED if draft.published_at else ""
    return show_rubric(request, draft, problem=problem, status=422, **typed)


@require_POST
def discard(request, campaign, pk):
    draft = draft_or_404(request, campaign, pk)
    try:
        drafts.discard_draft(rubric=draft, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(draft)
    messages.success(request, _("草稿已删除；写过的内容留在专项工作的记录里。"))
    return redirect("rubrics", campaign)
