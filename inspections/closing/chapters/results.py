"""How it came out: scores beside self-scores, and what was filed in time."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign, Obligation
from inspections.closing.chapters import Builder, Names, Shown
from inspections.closing.chapters.findings import percent
from organization.clock import local_day
from organization.papers import Table
from scoring import engine
from scoring.models import Score, Standing, Weight
from scoring.models.results import ScoreKind


def gather_scores(campaign: Campaign, at: datetime) -> dict:
    """Per project the audited composite, and its own score with the same weights."""
    weights = dict(Weight.objects.filter(campaign=campaign).values_list("specialty", "percent"))
    own: dict[int, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    selves = Score.objects.finished().filter(campaign=campaign, kind=ScoreKind.SELF)
    for score in selves:
        shown = engine.SheetScore(score.kept, score.possible).shown
        if shown is not None:
            own[score.project_id].append((shown, weights.get(score.specialty_id, Decimal(0))))
    standings = Standing.objects.filter(campaign=campaign).select_related("project")
    order = (F("composite").desc(nulls_last=True), "project__code")
    return {
        "projects": [
            {
                "project": standing.project.name,
                "own": weighted(own.get(standing.project_id, [])),
                "audit": as_text(standing.composite),
                "provisional": standing.provisional,
            }
            for standing in standings.order_by(*order)
        ]
    }


def weighted(parts: list[tuple[Decimal, Decimal]]) -> str | None:
    whole = sum((weight for _shown, weight in parts), Decimal(0))
    if not whole:
        return None
    return as_text(sum((shown * weight for shown, weight in parts), Decimal(0)) / whole)


def as_text(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{engine.half_up(figure, 2)}"


def show_scores(facts: dict, names: Names) -> list[Shown]:
    head = [_("项目"), _("自查得分"), _("检查得分"), _("自查高出")]
    rows = [
        [row["project"], row["own"] or "—", audited(row), gap(row)] for row in facts["projects"]
    ]
    return [Table(head, rows, widths=(5, 3, 3, 3), right=frozenset({1, 2, 3}))]


def audited(row: dict) -> str:
    if row["audit"] is None:
        return "—"
    return _("%(score)s（暂列）") % {"score": row["audit"]} if row["provisional"] else row["audit"]


def gap(row: dict) -> str:
    if row["own"] is None or row["audit"] is None or row["provisional"]:
        return "—"
    return f"{Decimal(row['own']) - Decimal(row['audit']):+.2f}".replace("-", "−")


def draft_scores(facts: dict) -> str:
    final = [row for row in facts["projects"] if row["audit"] and not row["provisional"]]
    if not final:
        return ""
    mean = sum((Decimal(row["audit"]) for row in final), Decimal(0)) / len(final)
    return _("%(count)d 个项目完成检查验收，平均 %(mean)s 分。") % {
        "count": len(final),
        "mean": as_text(mean),
    }


def gather_filing(campaign: Campaign, at: datetime) -> dict:
    """By milestone: first handed in by its day, later, or not yet though its day has passed."""
    there = Q(first_submitted_at__isnull=False)
    rows = (
        Obligation.objects.filter(campaign=campaign)
        .order_by()
        .values("milestone__order", "milestone__title", "due")
        .annotate(
            owed=Count("pk"),
            in_time=Count("pk", filter=there & Q(first_submitted_at__date__lte=F("due"))),
            late=Count("pk", filter=there & Q(first_submitted_at__date__gt=F("due"))),
            missing=Count("pk", filter=~there & Q(due__lt=local_day(at))),
        )
        .order_by("due", "milestone__order")
    )
    return {
        "milestones": [
            {"title": row["milestone__title"], "due": row["due"].isoformat()}
            | {name: row[name] for name in ("owed", "in_time", "late", "missing")}
            for row in rows
        ]
    }


def show_filing(facts: dict, names: Names) -> list[Shown]:
    head = [_("节点"), _("应交"), _("按期"), _("迟交"), _("未交"), _("按期率")]
    rows = [
        [
            row["title"],
            row["owed"],
            row["in_time"],
            row["late"],
            row["missing"],
            percent(row["in_time"], row["in_time"] + row["late"] + row["missing"]),
        ]
        for row in facts["milestones"]
    ]
    return [Table(head, rows, widths=(8, 2, 2, 2, 2, 2), right=frozenset(range(1, 6)))]


def draft_filing(facts: dict) -> str:
    in_time = sum(row["in_time"] for row in facts["milestones"])
    due = in_time + sum(row["late"] + row["missing"] for row in facts["milestones"])
    return _("各类书面资料按期报送率 %(rate)s。") % {"rate": percent(in_time, due)}


SCORES = Builder(
    "scores", gettext_lazy("检查得分和自查得分"), gather_scores, show_scores, draft_scores
)
FILING = Builder("filing", gettext_lazy("资料报送"), gather_filing, show_filing, draft_filing)
