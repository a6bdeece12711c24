"""Rubrics: drafted from a form or from the template's data, published, and handed to the engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Specialty, StoredFile
from scoring import engine
from scoring import forms as form
from scoring.codes import Former, with_codes
from scoring.forms.wording import folded
from scoring.models import CampaignResults, Item, Requirement, Rubric, Section
from scoring.results import require_open_results

LONGEST_NAME = Item._meta.get_field("name").max_length
LONGEST_RULE = Item._meta.get_field("rule_text").max_length
KEPT_IN_CACHE = 64  # a campaign has a handful


@dataclass(frozen=True, slots=True)
class Entry:
    """One item on its way into a rubric, in both languages (English may be empty)."""

    code: str
    section: str
    name: tuple[str, str]
    standard: tuple[str, str]
    requirements: tuple[tuple[str, str], ...]
    points: Decimal | None
    deduct_min: Decimal | None
    deduct_max: Decimal | None
    rule_text: str = ""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A rubric's inside: sections as (code, Chinese, English), items that name them by code."""

    sections: tuple[tuple[str, str, str], ...]
    entries: tuple[Entry, ...]


# --- drafting ----------------------------------------------------------------------------


@transaction.atomic
def draft_rubric(
    *,
    campaign: Campaign,
    specialty: Specialty,
    understood: form.Understood,
    by,
    at: datetime,
    source: StoredFile | None = None,
    source_name: str = "",
    seen: str | None = None,
) -> Rubric:
    """Keep what was read from a form as the specialty's draft, the next version after the last.

    A specialty has one draft: an earlier one is replaced. `seen` is the mark of the draft that
    the person saw ("": there was none); when it is another one now, raises Conflict with the
    draft. Raises Refused when the form has errors. Leaves one record. Published versions and
    the sheets on them stay as they are (ruling 13).
    """
    if understood.errors:
        raise Refused(" ".join(map(str, understood.errors)), code="errors")
    CampaignResults.objects.hold(campaign)
    former = former_items(campaign, specialty)
    coded = name_codes(understood, specialty, former)
    draft = _draft_for(campaign, specialty, seen, at)
    draft.name_zh_hans, draft.name_en = _rubric_name(campaign, specialty, coded.title)
    draft.source, draft.source_name = source, source_name or (source.name if source else "")
    draft.proposed_weight = understood.weight_percent
    draft.is_sample = False
    _save_draft(draft, by=by, at=at)
    _fill(draft, _content(coded, former))
    record(on=draft, verb="draft_rubric", by=by, at=at, after="draft", file=draft.source_name)
    return draft


@transaction.atomic
def load_rubric(
    *, campaign: Campaign, specialty: Specialty, data: dict, by, at: datetime, publish: bool = True
) -> Rubric:
    """Make a rubric from the template's data (scoring.template.rubric_data), published at once.

    Raises Refused when it is to be published and lacks something. Leaves a record per move.
    """
    CampaignResults.objects.hold(campaign)
    draft = _draft_for(campaign, specialty, None, at)
    draft.name_zh_hans, draft.name_en = data["name_zh"], data["name_en"]
    draft.is_sample = bool(data.get("sample"))
    weight = data.get("weight_percent")
    draft.proposed_weight = None if draft.is_sample or weight is None else _exact(weight)
    _save_draft(draft, by=by, at=at)
    sections = tuple((code, each["zh"], each["en"]) for code, each in data["sections"].items())
    _fill(draft, Content(sections, tuple(_entry_of_data(item) for item in data["items"])))
    record(on=draft, verb="draft_rubric", by=by, at=at, after="draft")
    return publish_rubric(rubric=draft, by=by, at=at) if publish else draft


def former_items(campaign: Campaign, specialty: Specialty) -> list[Item]:
    """The items of all versions, oldest first, with rubric, section and requirements."""
    found = Item.objects.filter(rubric__campaign=campaign, rubric__specialty=specialty)
    found = found.select_related("section", "rubric").prefetch_related("requirements")
    return list(found.order_by("rubric__version", "order"))


def name_codes(
    understood: form.Understood, specialty: Specialty, former: Sequence[Item]
) -> form.Understood:
    """What was read with a code on every item; those known from earlier versions keep theirs.

    Where a form has no names but standards, a known item also keeps the name it was given.
    """
    known = [_former(item) for item in former]
    names = {each.code: (each.name, each.standard) for each in known}
    coded = with_codes(understood.items, specialty.code, known)
    return replace(understood, items=[_named(item, *names.get(item.code, ())) for item in coded])


def _former(item: Item) -> Former:
    return Former(
        item.code,
        item.section.name_zh_hans,
        item.name_zh_hans,
        item.standard_zh_hans or "",
        published=item.rubric.published_at is not None,
    )


def _named(item: form.Item, name: str = "", standard: str = "") -> form.Item:
    nameless = item.standard and folded(item.name) == folded(item.standard)
    known = name and folded(standard) == folded(item.standard)
    return replace(item, name=name) if nameless and known else item


def _draft_for(campaign: Campaign, specialty: Specialty, seen: str | None, at: datetime) -> Rubric:
    """The specialty's draft, emptied, or a new one."""
    versions = Rubric.objects.filter(campaign=campaign, specialty=specialty)
    draft = versions.drafts().select_for_update().first()
    if seen is not None and seen != (draft.mark if draft else ""):
        raise Conflict(_("这个专业的草稿刚被别人改过。"), theirs=draft)
    if draft:
        draft.sections.all().delete()
        return draft
    last = versions.order_by("-version").values_list("version", flat=True).first()
    return Rubric(campaign=campaign, specialty=specialty, version=(last or 0) + 1, created_at=at)


def _save_draft(draft: Rubric, *, by, at: datetime) -> None:
    draft.revision += 1
    draft.created_at, draft.created_by = at, None if isinstance(by, str) else by
    draft.save()


def _rubric_name(campaign: Campaign, specialty: Specialty, title: str) -> tuple[str, str | None]:
    """The form's title; the English name of an earlier version with the same one."""
    title = _cut(title or specialty.name_zh_hans, 120)
    earlier = Rubric.objects.filter(campaign=campaign, specialty=specialty, name_zh_hans=title)
    return title, earlier.order_by("-version").values_list("name_en", flat=True).first()


def _content(coded: form.Understood, former: Sequence[Item]) -> Content:
    """What was read, with the names, codes and English that earlier versions give it."""
    by_code = {item.code: item for item in former}
    sections = {item.section.name_zh_hans: item.section for item in former}
    taken = {section.code for section in sections.values()}
    fresh = (code for code in (f"s{n}" for n in range(1, 10_000)) if code not in taken)
    rows, codes = [], {}
    for name in coded.sections:
        known = sections.get(name)
        codes[name] = known.code if known else next(fresh)
        rows.append((codes[name], name, known.name_en if known else None))
    entries = (_entry(item, codes[item.section], by_code.get(item.code)) for item in coded.items)
    return Content(tuple(rows), tuple(entries))


def _entry(item: form.Item, section: str, before: Item | None) -> Entry:
    english = {}
    if before:
        english = {row.text_zh_hans: row.text_en for row in before.requirements.all()}
    same_name = bool(before and before.name_zh_hans == item.name)
    same_standard = bool(before and before.standard_zh_hans == item.standard)
    return Entry(
        code=item.code,
        section=section,
        name=(_cut(item.name, LONGEST_NAME), before.name_en if same_name else None),
        standard=(item.standard, before.standard_en if same_standard else None),
        requirements=tuple((text, english.get(text)) for text in item.requirements),
        points=item.points,
        deduct_min=item.deduct_min,
        deduct_max=item.deduct_max,
        rule_text=_cut(item.rule, LONGEST_RULE),
    )


def _entry_of_data(item: dict) -> Entry:
    low, high = item.get("deduct") or (None, None)
    requirements = zip(item["requirements_zh"], item["requirements_en"], strict=True)
    return Entry(
        code=item["code"],
        section=item["section"],
        name=(item["zh"], item["en"]),
        standard=(item.get("standard_zh", ""), item.get("standard_en", "")),
        requirements=tuple(requirements),
        points=_exact(item["points"]),
        deduct_min=_exact(low),
        deduct_max=_exact(high),
        is_sample=bool(item.get("sample")),
    )


def _exact(figure) -> Decimal | None:
    return None if figure is None else Decimal(str(figure))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _fill(rubric: Rubric, content: Content) -> None:
    """Write the inside of a rubric: three inserts, whatever its size."""
    sections = Section.objects.bulk_create(
        Section(rubric=rubric, code=code, name_zh_hans=zh, name_en=en, order=order)
        for order, (code, zh, en) in enumerate(content.sections)
    )
    by_code = {section.code: section for section in sections}
    items = Item.objects.bulk_create(
        _item(rubric, by_code[entry.section], entry, order)
        for order, entry in enumerate(content.entries)
    )
    Requirement.objects.bulk_create(
        Requirement(item=item, number=number, text_zh_hans=zh, text_en=en)
        for item, entry in zip(items, content.entries, strict=True)
        for number, (zh, en) in enumerate(entry.requirements, start=1)
    )


def _item(rubric: Rubric, section: Section, entry: Entry, order: int) -> Item:
    return Item(
        rubric=rubric,
        section=section,
        code=entry.code,
        order=order,
        name_zh_hans=entry.name[0],
        name_en=entry.name[1],
        standard_zh_hans=entry.standard[0],
        standard_en=entry.standard[1],
        points=entry.points,
        deduct_min=entry.deduct_min,
        deduct_max=entry.deduct_max,
        rule_text=entry.rule_text,
        is_sample=entry.is_sample,
    )


# --- publishing --------------------------------------------------------------------------


@transaction.atomic
def publish_rubric(*, rubric: Rubric, by, at: datetime) -> Rubric:
    """Make a draft the version that new sheets are opened on; it never changes again (ruling 13).

    The former version is superseded, its sheets stay with it. Raises Refused when it is
    published already, lacks something, or the campaign's results are frozen. Leaves one record.
    """
    CampaignResults.objects.hold(rubric.campaign)
    require_open_results(rubric.campaign)
    rubric = Rubric.objects.select_for_update().get(pk=rubric.pk)
    if rubric.published_at:
        raise Refused(_("这一版已经发布。"), code="published")
    if missing := what_is_missing(rubric):
        raise Refused(_("还不能发布：%s") % " ".join(missing), code="incomplete")
    current = Rubric.objects.filter(campaign=rubric.campaign_id, specialty=rubric.specialty_id)
    current.current().update(superseded_at=at)
    rubric.published_at, rubric.published_by = at, None if isinstance(by, str) else by
    rubric.save(update_fields=["published_at", "published_by"])
    record(on=rubric, verb="publish_rubric", by=by, at=at, before="draft", after="published")
    return rubric


def what_is_missing(rubric: Rubric) -> list[str]:
    """Sentences that name what keeps a rubric from being published; a total is not among them."""
    items = list(rubric.items.order_by("order").prefetch_related("requirements"))
    if not items:
        return [_("还没有评分项。")]
    return [sentence for item in items for sentence in _item_lacks(item)]


def _item_lacks(item: Item) -> Iterable[str]:
    words = {"item": str(item)}
    if not item.points:
        yield _("%(item)s 没有规定分值。") % words
    if item.deduct_min is None or item.deduct_max is None:
        yield _("%(item)s 没有扣分幅度。") % words
    elif not 0 <= item.deduct_min <= item.deduct_max <= (item.points or item.deduct_max):
        yield _("%(item)s 的扣分幅度不对。") % words
    if not item.requirements.all():
        yield _("%(item)s 没有检查内容。") % words


def may_read_source(user, stored: StoredFile) -> bool:
    """The Excel form that a rubric came from is read by whoever may read that rubric."""
    return Rubric.objects.visible_to(user).filter(source=stored).exists()


# --- for the engine ----------------------------------------------------------------------


def engine_items(rubric: Rubric) -> tuple[engine.Item, ...]:
    """A rubric's items as the engine takes them, in order.

    Those of a published rubric are kept in this process: they never change.
    """
    if rubric.published_at is None:
        return _engine_items(rubric.pk)
    return _published_items(rubric.pk, rubric.published_at)


@lru_cache(maxsize=KEPT_IN_CACHE)
def _published_items(pk: int, published_at: datetime) -> tuple[engine.Item, ...]:
    return _engine_items(pk)


def forget_published_items() -> None:
    """For tests, where a rolled back transaction gives the same id to another rubric."""
    _published_items.cache_clear()


def _engine_items(pk: int) -> tuple[engine.Item, ...]:
    rows = Item.objects.filter(rubric=pk).order_by("order", "pk")
    rows = rows.values_list("code", "points", "deduct_min", "deduct_max")
    return tuple(
        engine.Item(code, points or Decimal(0), _rules(*deduct)) for code, points, *deduct in rows
    )


def _rules(low: Decimal | None, high: Decimal | None) -> tuple[engine.Rule, ...]:
    """The plan's one rule: an amount within a range per missing requirement (ruling 2)."""
    if low is None or high is None:
        return ()
    kind = engine.Kind.FIXED if low == high else engine.Kind.RANGE
    return (engine.Rule(kind, low, high),)
