"""Rubrics: drafted from a form or from the template's data, and published."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.seals import seal
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Specialty, StoredFile
from organization.prepared import prepared
from scoring import forms as form
from scoring.codes import Former, with_codes
from scoring.content import clear, cut, exact, of_form, of_template, write
from scoring.former import former_items
from scoring.forms.wording import folded
from scoring.models import CampaignResults, DeductionRule, Item, Requirement, Rubric
from scoring.opening import require_open_results

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
    write(draft, of_form(coded, former))
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
    draft.proposed_weight = None if draft.is_sample or weight is None else exact(weight)
    _save_draft(draft, by=by, at=at)
    write(draft, of_template(data))
    record(on=draft, verb="draft_rubric", by=by, at=at, after="draft")
    return publish_rubric(rubric=draft, by=by, at=at) if publish else draft


def name_codes(
    understood: form.Understood, specialty: Specialty, former: Sequence[Former]
) -> form.Understood:
    """What was read with a code on every item; those known from earlier versions keep theirs.

    Where a form has no names but standards, a known item also keeps the name it was given.
    """
    names = {each.code: (each.name, each.standard) for each in former}
    coded = with_codes(understood.items, specialty.code, former)
    return replace(understood, items=[_named(item, *names.get(item.code, ())) for item in coded])


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
        clear(draft)
        return draft
    last = versions.order_by("-version").values_list("version", flat=True).first()
    return Rubric(campaign=campaign, specialty=specialty, version=(last or 0) + 1, created_at=at)


def _save_draft(draft: Rubric, *, by, at: datetime) -> None:
    draft.revision += 1
    draft.created_at, draft.created_by = at, None if isinstance(by, str) else by
    draft.save()


def _rubric_name(campaign: Campaign, specialty: Specialty, title: str) -> tuple[str, str | None]:
    """The form's title; the English name of an earlier version with the same one."""
    title = cut(title or specialty.name_zh_hans, 120)
    earlier = Rubric.objects.filter(campaign=campaign, specialty=specialty, name_zh_hans=title)
    return title, earlier.order_by("-version").values_list("name_en", flat=True).first()


# --- publishing --------------------------------------------------------------------------


@transaction.atomic
def publish_rubric(*, rubric: Rubric, by, at: datetime, seen: str | None = None) -> Rubric:
    """Make a draft the version that new sheets are opened on; it never changes again (ruling 13).

    The former version is superseded, its sheets stay with it. `seen` is the mark of the draft
    that the person saw: when it was changed since, raises Conflict. Raises Refused when it is
    published already, lacks something, or the campaign's results are frozen. Leaves one record.
    """
    CampaignResults.objects.hold(rubric.campaign)
    require_open_results(rubric.campaign)
    rubric = Rubric.objects.select_for_update().get(pk=rubric.pk)
    if rubric.published_at:
        raise Refused(_("这一版已经发布。"), code="published")
    if seen is not None and seen != rubric.mark:
        raise Conflict(_("草稿刚被别人改过，请看过再发布。"), theirs=rubric)
    if missing := what_is_missing(rubric):
        raise Refused(_("还不能发布：%s") % " ".join(missing), code="incomplete")
    current = Rubric.objects.filter(campaign=rubric.campaign_id, specialty=rubric.specialty_id)
    former = current.current().first()
    current.current().update(superseded_at=at)
    rubric.published_at, rubric.published_by = at, None if isinstance(by, str) else by
    rubric.save(update_fields=["published_at", "published_by"])
    record(on=rubric, verb="publish_rubric", by=by, at=at, before="draft", after="published")
    for each in filter(None, (former, rubric)):
        seal(rubric.campaign, "rubric", about=str(each.pk), at=at)
    return rubric


def what_is_missing(rubric: Rubric) -> list[str]:
    """Sentences that name what keeps a rubric from being published; a total is not among them."""
    kinds, criticals = defaultdict(list), defaultdict(list)
    for found, rows in ((kinds, kinds_in), (criticals, criticals_in)):
        for item, word in rows(rubric=rubric.pk):
            found[item].append(word)
    return lacks_of(
        (each, kinds[each.pk], criticals[each.pk]) for each in items_in(rubric=rubric.pk)
    )


def lacks_among(items: Iterable[Item]) -> list[str]:
    """The same of a rubric's items that have their requirements and rules at hand, in order."""
    return lacks_of(
        (
            item,
            [rule.kind for rule in item.rules.all()],
            [each.critical for each in item.requirements.all()],
        )
        for item in items
    )


def lacks_of(items: Iterable[tuple[Item, list[str], list[str]]]) -> list[str]:
    """Of each item with the kinds of its rules and, of each requirement, whether it is critical."""
    found, empty = [], True
    for each in items:
        found.extend(_item_lacks(*each))
        empty = False
    return [_("还没有评分项。")] if empty else found


def _item_lacks(item: Item, kinds: list[str], criticals: list[str]) -> Iterable[str]:
    words = {"item": str(item)}
    if not item.points:
        yield _("%(item)s 没有规定分值。") % words
    if not all(kinds):
        yield _("%(item)s 有评分细则没有定下扣法。") % words
    if item.deduct_min is None or item.deduct_max is None:
        if not kinds:
            yield _("%(item)s 没有扣分幅度。") % words
    elif not 0 <= item.deduct_min <= item.deduct_max <= (item.points or item.deduct_max):
        yield _("%(item)s 的扣分幅度不对。") % words
    if not criticals:
        yield _("%(item)s 没有检查内容。") % words
    if item.deduct_max is None and any(criticals):
        # it could never be noted missing (inspections.sheet.outline.Line.price)
        yield _("%(item)s 有关键项，但没有定下每缺一项扣多少分。") % words


def its_items(*, rubric) -> QuerySet[Item]:
    return Item.objects.filter(rubric__pk=rubric).order_by("order")


def its_kinds(*, rubric) -> QuerySet[DeductionRule]:
    rules = DeductionRule.objects.filter(item__rubric__pk=rubric).rewrite(False)
    return rules.order_by("item", "number").values_list("item", "kind")


def its_criticals(*, rubric) -> QuerySet[Requirement]:
    lines = Requirement.objects.filter(item__rubric__pk=rubric).rewrite(False)
    return lines.order_by("item", "number").values_list("item", "critical")


RUBRIC = {"rubric": Rubric._meta.pk}
items_in, kinds_in = prepared(its_items, RUBRIC), prepared(its_kinds, RUBRIC)
criticals_in = prepared(its_criticals, RUBRIC)


def may_read_source(user, stored: StoredFile) -> bool:
    """The Excel form that a rubric came from is read by whoever may read that rubric."""
    return Rubric.objects.visible_to(user).filter(source=stored).exists()
