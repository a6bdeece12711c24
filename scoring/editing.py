"""A draft written by hand: items and sections, each move one function with one record.

Two people may write in one draft. A move on an item or a section names what the person saw of it
(`item_mark`, the former name); only what changed meanwhile is a conflict, whatever else did.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from organization.errors import Conflict, Refused
from organization.history import record
from scoring.codes import NUMBER, Former, prefix_of, with_codes
from scoring.content import Entry, columns, of_item, write_leaves
from scoring.drafts import as_read, bump, hashed, hold_draft, settle
from scoring.former import former_items
from scoring.forms.wording import folded
from scoring.item_data import entry_data, entry_of
from scoring.models import Item, Rubric, Section

# Sorts behind every item of its section until all are numbered anew.
LAST = 32_767

# --- items ---------------------------------------------------------------------------------


@transaction.atomic
def write_item(
    *, rubric: Rubric, data: dict, by, at: datetime, item: str | None = None, seen: str = ""
) -> str:
    """Add an item, or change the one with the code `item`; returns its code.

    `data` is an item's data (scoring.item_data) as `ItemForm` checked it; its section is made
    when there is none of that name, and goes when it is left empty. `seen` is `item_mark` of what
    the person saw: when the item is another now or gone, raises Conflict with it (an Entry, or
    None). Raises Refused when the section has an item of that name. Leaves one record.
    """
    draft = hold_draft(rubric)
    stored = _stored(draft, item) if item else None
    before = of_item(stored) if stored else None
    was = entry_data(before, stored.section.name_zh_hans) if stored else None
    if item and (was is None or hashed(was) != seen):
        raise Conflict(_("这一项刚被别人改过。"), theirs=before)
    _refuse_twin(draft, data, stored)
    former = former_items(draft.campaign, draft.specialty)
    section = _section(draft, data["section"], former)
    entry = entry_of(data, code=item or "", section=section.code, before=before)
    entry = entry if item else replace(entry, code=_code_for(entry, data, draft, former))
    _keep(draft, entry, section, stored)
    settle(draft)
    verb = "change_item" if item else "add_item"
    record(on=draft, verb=verb, by=by, at=at, item=entry.code, name=data["name"], was=was, now=data)
    return entry.code


@transaction.atomic
def remove_item(*, rubric: Rubric, item: str, seen: str, by, at: datetime) -> None:
    """Take an item out of a draft; the history keeps what it said. Conflict as in `write_item`."""
    draft = hold_draft(rubric)
    stored = _stored(draft, item)
    was = entry_data(of_item(stored), stored.section.name_zh_hans) if stored else None
    if stored is None or hashed(was) != seen:
        raise Conflict(_("这一项刚被别人改过。"), theirs=of_item(stored) if stored else None)
    stored.delete()
    settle(draft)
    record(on=draft, verb="remove_item", by=by, at=at, item=item, name=was["name"], was=was)


@transaction.atomic
def move_item(
    *, rubric: Rubric, item: str, by, at: datetime, before: str = "", section: str = ""
) -> None:
    """Put an item before another one, into that one's section, or at the end of a section.

    All are named by their codes. Raises Refused when one of them is gone, or the section has an
    item of that name already.
    """
    draft = hold_draft(rubric)
    stored = _stored(draft, item)
    asked = {"items__code": before} if before else {"code": section}
    target = draft.sections.filter(**asked).first()
    if stored is None or target is None:
        raise Refused(_("这一项已经不在草稿里。"), code="gone")
    was = f"{stored.section.name_zh_hans} {stored.order + 1}"
    _refuse_twin(draft, {"name": stored.name_zh_hans, "section": target.name_zh_hans}, stored)
    stored.section = target
    stored.save(update_fields=["section"])
    settle(draft, _placed(target, stored, before))
    stored.refresh_from_db()
    record(
        on=draft, verb="move_item", by=by, at=at, item=item, name=stored.name_zh_hans,
        before=was, after=f"{target.name_zh_hans} {stored.order + 1}",
    )  # fmt: skip


def _placed(section: Section, item: Item, before: str) -> list[int]:
    """A section's items with this one before another, or last."""
    others = section.items.exclude(pk=item.pk).order_by("order", "pk")
    keys = dict(others.values_list("code", "pk"))
    placed = list(keys.values())
    placed.insert(placed.index(keys[before]) if before in keys else len(placed), item.pk)
    return placed


def item_mark(entry: Entry, section: str) -> str:
    """Tells whether an item still is as somebody saw it; `section` is its section's name."""
    return hashed(entry_data(entry, section))


# --- sections ------------------------------------------------------------------------------


@transaction.atomic
def rename_section(
    *, rubric: Rubric, section: str, name: str, seen: str, by, at: datetime
) -> Section:
    """Give the section with that code another name; `seen` is the one that the person saw.

    Raises Conflict when it has another by now, Refused when another section is called so.
    """
    draft = hold_draft(rubric)
    found = draft.sections.filter(code=section).first()
    if found is None or found.name_zh_hans != seen:
        raise Conflict(_("这个类别刚被别人改过。"), theirs=found)
    if not name:
        raise Refused(_("请写类别名称。"), code="no_name", field="name")
    others = draft.sections.exclude(pk=found.pk).values_list("name_zh_hans", flat=True)
    if folded(name) in map(folded, others):
        raise Refused(_("已经有叫“%s”的类别。") % name, code="twin_section", field="name")
    if name != seen:
        found.name_zh_hans, found.name_en = name, None
        found.save()
        bump(draft)
        record(on=draft, verb="rename_section", by=by, at=at, before=seen, after=name)
    return found


@transaction.atomic
def move_section(*, rubric: Rubric, section: str, before: str = "", by, at: datetime) -> None:
    """Put a section with its items before another one, or at the end; both by their codes."""
    draft = hold_draft(rubric)
    codes = list(draft.sections.order_by("order", "pk").values_list("code", flat=True))
    if section not in codes or (before and before not in codes):
        raise Refused(_("这个类别已经不在草稿里。"), code="gone")
    order = [code for code in codes if code != section]
    order.insert(order.index(before) if before else len(order), section)
    for place, code in enumerate(order):
        draft.sections.filter(code=code).update(order=place)
    settle(draft)
    name = draft.sections.get(code=section).name_zh_hans
    places = codes.index(section) + 1, order.index(section) + 1
    record(
        on=draft, verb="move_section", by=by, at=at, name=name, before=f"{name} {places[0]}",
        after=f"{name} {places[1]}",
    )  # fmt: skip


# --- inside --------------------------------------------------------------------------------


def _stored(draft: Rubric, code: str) -> Item | None:
    found = draft.items.filter(code=code).select_related("section")
    return found.prefetch_related("requirements", "rules").first()


def _refuse_twin(draft: Rubric, data: dict, stored: Item | None) -> None:
    others = draft.items.exclude(pk=stored.pk if stored else None)
    names = others.filter(section__name_zh_hans=data["section"])
    if folded(data["name"]) in map(folded, names.values_list("name_zh_hans", flat=True)):
        message = _("“%(section)s”里已经有叫“%(name)s”的项目。") % data
        raise Refused(message, code="twin_item", field="name")


def _section(draft: Rubric, name: str, former: Iterable[Former]) -> Section:
    """The draft's section of that name, or a new last one with the code it had before."""
    if found := draft.sections.filter(name_zh_hans=name).first():
        return found
    taken = set(draft.sections.values_list("code", flat=True))
    known = {each.section: each for each in former}
    codes = {each.section_code for each in former} | taken
    code = known[name].section_code if name in known else ""
    if not code or code in taken:
        code = next(new for n in range(1, 10_000) if (new := f"s{n}") not in codes)
    last = draft.sections.order_by("-order").values_list("order", flat=True).first()
    order = 0 if last is None else last + 1
    english = known[name].english.get(name) if name in known else None
    return Section.objects.create(
        rubric=draft, code=code, name_zh_hans=name, name_en=english, order=order
    )


def _keep(draft: Rubric, entry: Entry, section: Section, stored: Item | None) -> None:
    """Write an item's row and its leaves anew; one that came to a section stands last there."""
    if stored:
        stored.requirements.all().delete()
        stored.rules.all().delete()
    stays = stored and stored.section_id == section.pk
    item = stored or Item(rubric=draft)
    item.section, item.order = section, stored.order if stays else LAST
    for name, value in columns(entry).items():
        setattr(item, name, value)
    item.save()
    write_leaves([(item.pk, entry)])


def _code_for(entry: Entry, data: dict, draft: Rubric, former: Sequence[Former]) -> str:
    """That of the same item in an earlier version, else a number that none had."""
    present = set(draft.items.values_list("code", flat=True))
    gone = [each for each in former if each.code not in present]
    [coded] = with_codes([as_read(entry, data["section"])], draft.specialty.code, gone)
    if coded.code in {each.code for each in gone}:
        return coded.code
    used = present | {each.code for each in former}
    numbers = [int(match[1]) for code in used if (match := NUMBER.search(code))]
    return f"{prefix_of(draft.specialty.code)}{max(numbers, default=0) + 1:02}"
