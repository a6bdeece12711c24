"""Drafts as wholes: begun, named, discarded; and what every move on one has in common.

Published rubrics and frozen campaigns refuse every move (ruling 13).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Specialty
from scoring.codes import with_codes
from scoring.content import Content, Entry, clear, cut, of_rubric, write
from scoring.former import former_items
from scoring.forms import Item as ReadItem
from scoring.item_data import entry_data
from scoring.models import CampaignResults, Item, Rubric
from scoring.opening import require_open_results

LONGEST_TITLE = Rubric._meta.get_field("name").max_length

# --- a draft as a whole --------------------------------------------------------------------


@transaction.atomic
def start_draft(
    *,
    campaign: Campaign,
    specialty: Specialty,
    by,
    at: datetime,
    copy_of: Rubric | None = None,
    name: str = "",
) -> Rubric:
    """Begin the specialty's next version: empty, or with everything that `copy_of` says.

    Items keep their codes when the copy is of the same specialty, else they get this one's.
    Raises Refused when there is a draft already (it would be lost) or results are frozen. Leaves
    one record.
    """
    CampaignResults.objects.hold(campaign)
    require_open_results(campaign)
    versions = Rubric.objects.filter(campaign=campaign, specialty=specialty)
    if versions.drafts().exists():
        raise Refused(_("这个专业已经有一份草稿，先写完或者删除它。"), code="draft_exists")
    last = versions.order_by("-version").values_list("version", flat=True).first()
    draft = Rubric(
        campaign=campaign, specialty=specialty, version=(last or 0) + 1, created_at=at,
        created_by=None if isinstance(by, str) else by, revision=1,
    )  # fmt: skip
    _name_draft(draft, copy_of, name)
    draft.save()
    if copy_of:
        write(draft, _copied(copy_of, draft))
    record(on=draft, verb="start_rubric", by=by, at=at, after="draft", copy_of=str(copy_of or ""))
    return draft


def _name_draft(draft: Rubric, copy_of: Rubric | None, name: str) -> None:
    """The name that was given, else that of the copied one or of the specialty."""
    draft.name_zh_hans = cut(name or _given(copy_of, draft.specialty), LONGEST_TITLE)
    same_name = copy_of is not None and copy_of.name_zh_hans == draft.name_zh_hans
    draft.name_en = copy_of.name_en if same_name else None
    if copy_of and copy_of.specialty_id == draft.specialty_id:
        draft.proposed_weight = copy_of.proposed_weight
    draft.is_sample = bool(copy_of and copy_of.is_sample)


def _given(copy_of: Rubric | None, specialty: Specialty) -> str:
    if copy_of and copy_of.specialty_id == specialty.pk:
        return copy_of.name_zh_hans
    return f"{specialty.name_zh_hans}督导评分细则"


def _copied(original: Rubric, draft: Rubric) -> Content:
    content = of_rubric(original)
    if original.specialty_id == draft.specialty_id:
        return content
    names = {code: name for code, name, _english in content.sections}
    read = [as_read(entry, names[entry.section]) for entry in content.entries]
    coded = with_codes(read, draft.specialty.code, former_items(draft.campaign, draft.specialty))
    pairs = zip(content.entries, coded, strict=True)
    return Content(content.sections, tuple(replace(e, code=item.code) for e, item in pairs))


@transaction.atomic
def discard_draft(*, rubric: Rubric, by, at: datetime) -> None:
    """Delete a draft; the campaign's history keeps every item that it had."""
    draft = hold_draft(rubric)
    content = of_rubric(draft)
    names = {code: name for code, name, _english in content.sections}
    items = [entry_data(entry, names[entry.section]) for entry in content.entries]
    record(on=draft.campaign, verb="discard_rubric", by=by, at=at, before=str(draft), items=items)
    clear(draft)
    draft.delete()


@transaction.atomic
def rename_rubric(
    *, rubric: Rubric, zh: str, en: str, weight: Decimal | None, seen: str, by, at: datetime
) -> Rubric:
    """Give a draft its names and the weight that it proposes (percent, ruling 6).

    `seen` is `facts_mark` of what the person saw. Raises Refused without a Chinese name.
    """
    draft = hold_draft(rubric)
    if facts_mark(draft) != seen:
        raise Conflict(_("名称或权重刚被别人改过。"), theirs=draft)
    if not zh:
        raise Refused(_("请写名称。"), code="no_name", field="name_zh")
    before = str(draft)
    draft.name_zh_hans, draft.name_en, draft.proposed_weight = zh, en or None, weight
    bump(draft, "name", "name_zh_hans", "name_en", "proposed_weight")
    record(on=draft, verb="rename_rubric", by=by, at=at, before=before, after=str(draft))
    return draft


def facts_mark(rubric: Rubric) -> str:
    """Tells whether a draft's names and weight still are as somebody saw them."""
    weight = rubric.proposed_weight
    return hashed([rubric.name_zh_hans, rubric.name_en or "", f"{weight or 0:.2f}"])


# --- what moves have in common --------------------------------------------------------------


def hold_draft(rubric: Rubric) -> Rubric:
    """The draft, locked; raises Refused when it may not be changed any more."""
    CampaignResults.objects.hold(rubric.campaign)
    require_open_results(rubric.campaign)
    held = Rubric.objects.select_for_update().filter(pk=rubric.pk).first()
    if held is None:
        raise Refused(_("这份草稿已经被删除。"), code="gone")
    if held.published_at:
        raise Refused(_("已发布的评分细则不再改动，请以它为底稿另写一版。"), code="published")
    return held


def bump(draft: Rubric, *fields: str) -> None:
    draft.revision += 1
    draft.save(update_fields=["revision", *fields])


def settle(draft: Rubric, placed: Sequence[int] = ()) -> None:
    """After a move: no empty sections, items numbered as they stand, a revision more.

    `placed` are the keys of one section's items as they shall stand.
    """
    draft.sections.filter(items__isnull=True).delete()
    rows = Item.objects.filter(rubric=draft).order_by()
    rows = list(rows.values_list("section__order", "section", "order", "pk"))
    place = {pk: n for n, pk in enumerate(placed)}
    rows.sort(key=lambda row: (row[0], row[1], place.get(row[3], row[2]), row[3]))
    changed = [Item(pk=row[3], order=n) for n, row in enumerate(rows) if row[2] != n]
    Item.objects.bulk_update(changed, ["order"], batch_size=400)
    if draft.is_sample and not draft.items.filter(is_sample=True).exists():
        draft.is_sample = False
    bump(draft, "is_sample")


def as_read(entry: Entry, section: str) -> ReadItem:
    """A stored item as far as its code can be told from it."""
    texts = tuple(line.text[0] for line in entry.requirements)
    return ReadItem(
        section, entry.name[0], entry.standard[0], texts, entry.points, (), "", {}, (), (0,)
    )


def hashed(data) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
