"""What scoring seals of a campaign, and what follows from it: standings and counts.

Read past the caches that published rubrics have in this process: a check has to see what the
database holds now.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import partial
from itertools import pairwise

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.registry import Difference, SealedKind
from organization.digests import canonical, compact, fingerprint
from organization.models import Specialty
from scoring.composing import COMPUTED, KEPT, recomputed
from scoring.counting import Wrong, wrong_counts
from scoring.models import (
    Band,
    CampaignResults,
    DeductionRule,
    FigureCount,
    Item,
    MissedCount,
    Requirement,
    Rubric,
    SectionCount,
    Standing,
    Weight,
)
from scoring.results import BATCH

Content = Iterable[tuple[str, object]]


# --- content -----------------------------------------------------------------------------


def weights(campaign: Campaign, about: str) -> Content:
    rows = Weight.objects.filter(campaign=campaign).values("percent", "is_sample", code=F(CODE))
    yield "", {row.pop("code"): compact(row) for row in rows}


def bands(campaign: Campaign, about: str) -> Content:
    rows = Band.objects.filter(campaign=campaign)
    rows = rows.values("code", "name_zh_hans", "name_en", "lowest", "highest")
    yield "", {row.pop("code"): compact(row) for row in rows}


def terms(campaign: Campaign, about: str) -> Content:
    """Rounding, days to appeal, whether extras count, since when scoring is open and closed."""
    held = Campaign.objects.values("rounding", "appeal_days").get(pk=campaign.pk)
    results = CampaignResults.objects.filter(campaign=campaign)
    names = ("opened_at", "frozen_at", "reopened_at", "appeals_until", "extra_allowed")
    held |= results.values(*names).first() or {}
    yield "", compact(held)


def rubrics(campaign: Campaign, about: str) -> Content:
    """Published rubrics: sections, items, requirements and rules, in both languages."""
    rows = Rubric.objects.published().filter(campaign=campaign).order_by("pk")
    for rubric in rows.filter(pk=about) if about else rows:
        yield str(rubric.pk), inside(rubric)


def inside(rubric: Rubric) -> dict:
    facts = compact(
        {
            "name": rubric.name_zh_hans,
            "name_en": rubric.name_en,
            "specialty": rubric.specialty.code,
            "version": rubric.version,
            "sample": rubric.is_sample,
            "proposed_weight": rubric.proposed_weight,
            "published_at": rubric.published_at,
            "published_by": rubric.published_by_id,
            "superseded_at": rubric.superseded_at,
        }
    )
    items = {item["pk"]: item for item in of_rubric(Item, ITEM, rubric=rubric)}
    for model, fields, word in LEAVES:
        for row in of_rubric(model, fields, item__rubric=rubric):
            items[row["item_id"]].setdefault(word, {})[row.pop("number")] = row
    sections = rubric.sections.order_by("order", "pk").values(*SECTION)
    return facts | {
        "sections": {row.pop("code"): compact(row) for row in sections},
        "items": {item.pop("code"): item for item in items.values()},
    }


def of_rubric(model, fields: tuple[str, ...], **rubric) -> Iterator[dict]:
    return map(compact, model.objects.filter(**rubric).order_by("pk").values(*fields))


CODE = "specialty__code"
SECTION = ("pk", "code", "name_zh_hans", "name_en", "order")
ITEM = (
    "pk", "code", "section_id", "name_zh_hans", "name_en", "standard_zh_hans", "standard_en",
    "points", "deduct_min", "deduct_max", "deduct_kind", "rule_text", "photo_required",
    "is_sample", "order",
)  # fmt: skip
LINE = ("pk", "item_id", "number", "text_zh_hans", "text_en", "critical")
RULE = (
    "pk", "item_id", "number", "kind", "text_zh_hans", "text_en", "minimum", "maximum", "levels",
)  # fmt: skip
LEAVES = ((Requirement, LINE, "requirements"), (DeductionRule, RULE, "rules"))
KINDS = {
    "rubric": SealedKind(_("评分细则"), rubrics),
    "weights": SealedKind(_("权重"), weights),
    "bands": SealedKind(_("等级"), bands),
    "terms": SealedKind(_("评分规则"), terms),
}


# --- what a settlement's snapshot keeps ---------------------------------------------------


def kept_standings(campaign: Campaign) -> dict:
    rows = campaign.standings.values("project__code", *COMPUTED)
    return {row.pop("project__code"): compact(row) for row in rows.order_by()}


def kept_rubrics(campaign: Campaign) -> dict:
    """Versions with the fingerprint of their content, by specialty and version."""
    found = (said for _pk, said in rubrics(campaign, ""))
    return {f"{each['specialty']} v{each['version']}": digest(each) for each in found}


def digest(said: dict) -> str:
    return fingerprint(canonical(said))


SNAPSHOT = {"standings": kept_standings, "rubrics": kept_rubrics}


# --- standings ---------------------------------------------------------------------------


STANDING = _("%(field)s应当是 %(due)s，现在是 %(now)s。")
NO_STANDING = _("参加了专项工作，却没有排名记录。")
STRANGER = _("没有参加专项工作，却有排名记录。")
WORDS = {
    "composite": _("综合得分"),
    "provisional": _("暂列"),
    "capped": _("等级封顶"),
    "scores": _("各专业得分"),
    "own": _("自查综合得分"),
    "gap": _("自查与检查之差"),
}


def check_standings(campaign: Campaign) -> Iterator[Difference]:
    """Standings that are not what the scores and weights give."""
    taking_part = dict(campaign.participations.values_list("project_id", "project__code"))
    pks = list(campaign.standings.order_by("pk").values_list("pk", flat=True))
    for first, last in pairwise([*range(0, len(pks), BATCH), len(pks)]):
        rows = Standing.objects.filter(pk__in=pks[first:last]).select_related("project")
        for standing, was in recomputed(campaign, list(rows.order_by("pk"))):
            if taking_part.pop(standing.project_id, None) is None:
                yield Difference("stranger", about(standing.project.code), STRANGER)
            for field, before in zip(KEPT, was, strict=True):
                if counted(due := getattr(standing, field)) != counted(before):
                    figures = {"field": WORDS[field], "due": due, "now": before}
                    yield Difference("standing", about(standing.project.code), STANDING, figures)
    for code in taking_part.values():
        yield Difference("standing", about(code), NO_STANDING)


def check_counts(campaign: Campaign) -> Iterator[Difference]:
    """Counts that are not what the scores have put in (scoring.counting)."""
    for wrong in wrong_counts(campaign):
        figures = {"due": told(wrong.due), "now": told(wrong.now)}
        yield Difference("count", partial(counted_thing, wrong), COUNT, figures)


COUNT = _("项目数（和分数）应当是 %(due)s，现在是 %(now)s。")
COUNTS = {
    MissedCount: _("缺失检查内容的统计"),
    SectionCount: _("各部分得分的统计"),
    FigureCount: _("得分分布的统计"),
}


def told(sums: tuple[int, ...] | None) -> str:
    """Projects, and the points behind them where they are kept."""
    projects, *lost = sums or (0,)
    return " / ".join([str(projects), *(str(Decimal(each).scaleb(-2)) for each in lost)])


def counted_thing(wrong: Wrong) -> str:
    region, about, *rest = wrong.key
    if wrong.table is MissedCount:
        lines = Requirement.objects.filter(pk=about).values_list("item__code", "number")
    else:
        lines = Specialty.objects.filter(pk=about).values_list("code")
    words = [COUNTS[wrong.table], region, *(lines.first() or [about]), *rest]
    return " ".join(str(word) for word in words if word != "")


def counted(figure):
    """Without what left the composite: until scoring opens weights move and nobody is scored."""
    if not isinstance(figure, dict):
        return figure
    return {code: score for code, score in figure.items() if score is not None}


def about(code: str):
    return lambda: f"{code} {_('排名')}"
