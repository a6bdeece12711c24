"""Problems found and solved: by specialty, by source, how fast; which came again."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from inspections.closing.chapters import Builder, Names, Shown
from inspections.models import Finding
from inspections.words import Source
from organization.clock import local_day
from organization.papers import Heading, Table, Text
from scoring.models import ScoreLine
from scoring.models.results import ScoreKind

MOST = 15  # rows of a table that names single things
IN_TIME = Q(rectified_at__date__lte=F("due"))


def gather_findings(campaign: Campaign, at: datetime) -> dict:
    found = Finding.objects.opened().filter(campaign=campaign)
    by_specialty = tallies(found, "specialty__code", at)
    return {
        "by_specialty": by_specialty,
        "by_source": tallies(found, "source", at),
        "total": summed(by_specialty),
    }


def tallies(found, field: str, at: datetime) -> list[dict]:
    """How many were found, rectified, verified, in time and overdue, by one field."""
    done = Q(rectified_at__isnull=False)
    rows = found.order_by().values(field)
    rows = rows.annotate(
        found=Count("pk"),
        rectified=Count("pk", filter=done),
        verified=Count("pk", filter=Q(verified_at__isnull=False)),
        in_time=Count("pk", filter=done & IN_TIME),
        overdue=Count("pk", filter=~done & Q(due__lt=local_day(at))),
    )
    return [{"code": row.pop(field) or "", **row} for row in rows.order_by("-found", field)]


def summed(rows: Iterable[dict]) -> dict:
    names = ("found", "rectified", "verified", "in_time", "overdue")
    return {name: sum(row[name] for row in rows) for name in names}


def show_findings(facts: dict, names: Names) -> list[Shown]:
    words = {"": _("未分专业"), **names}
    sources = {"": _("没有写明"), **dict(Source.choices)}
    return [
        Heading(_("按专业"), 2),
        table(_("专业口"), facts["by_specialty"], words, facts["total"]),
        Heading(_("按来源"), 2),
        table(_("来源"), facts["by_source"], sources, facts["total"]),
    ]


def table(first: str, rows: list[dict], words: dict, total: dict) -> Table:
    head = [first, _("发现"), _("已整改"), _("已验证"), _("整改率"), _("按期率"), _("逾期未改")]
    lines = [[words.get(row["code"], row["code"]), *figures(row)] for row in rows]
    lines.append([_("合计"), *figures(total)])
    return Table(head, lines, widths=(3, 2, 2, 2, 2, 2, 2), right=frozenset(range(1, 7)))


def figures(row: dict) -> list[object]:
    return [
        row["found"],
        row["rectified"],
        row["verified"],
        percent(row["rectified"], row["found"]),
        percent(row["in_time"], row["rectified"]),
        row["overdue"],
    ]


def percent(part: int, whole: int) -> str:
    """Half up to a tenth, as everywhere; a dash where there is nothing to share out."""
    if not whole:
        return "—"
    share = Decimal(part) * 100 / whole
    return f"{share.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)}%"


def draft_findings(facts: dict) -> str:
    total = facts["total"]
    if not total["found"]:
        return _("这次专项工作没有查出问题。")
    return _(
        "这次专项工作共发现问题 %(found)d 条，整改 %(rectified)d 条，整改率 %(rate)s；"
        "按期整改率 %(in_time)s。"
    ) % {
        **total,
        "rate": percent(total["rectified"], total["found"]),
        "in_time": percent(total["in_time"], total["rectified"]),
    }


# --- what came again -----------------------------------------------------------------------


def gather_repeats(campaign: Campaign, at: datetime) -> dict:
    repeated, missing = again(campaign), most_missing(campaign)
    return {
        "again": repeated[:MOST],
        "missing": missing[:MOST],
        "counts": {"again": len(repeated), "missing": len(missing)},
    }


def again(campaign: Campaign) -> list[dict]:
    """The same requirement opened more than once in a project, this campaign's among them."""
    codes = ("project", "specialty__code", "requirement__item__code", "requirement__number")
    here = Finding.objects.opened().filter(campaign=campaign, requirement__isnull=False)
    found = Finding.objects.opened().filter(
        requirement__isnull=False,
        project__in=here.values("project"),
        opened_at__lte=max_opened(here),
    )
    rows = (
        found.order_by()
        .values(*codes)
        .annotate(times=Count("pk"), here=Count("pk", filter=Q(campaign=campaign)))
    )
    rows = list(rows.filter(times__gt=1, here__gt=0).order_by("-times", *codes))
    named = named_by(here, {tuple(row[code] for code in codes) for row in rows}, codes)
    keyed = [(named[tuple(row[code] for code in codes)], row) for row in rows]
    return [
        {
            "project": project,
            "specialty": row["specialty__code"],
            "words": words,
            "times": row["times"],
        }
        for (project, words), row in keyed
    ]


def max_opened(found):
    return found.order_by("-opened_at").values("opened_at")[:1]


def named_by(found, keys: set, codes: tuple[str, ...]) -> dict:
    """Project and requirement in words, of findings of this campaign."""
    fields = (*codes, "project__name", "requirement__item__name", "requirement__text")
    return {
        tuple(row[code] for code in codes): (
            row["project__name"],
            f"{row['requirement__item__name']} · {row['requirement__text']}",
        )
        for row in found.values(*fields)
        if tuple(row[code] for code in codes) in keys
    }


def most_missing(campaign: Campaign) -> list[dict]:
    """Requirements that cost points in most projects, of the audit."""
    lines = ScoreLine.objects.filter(
        score__campaign=campaign,
        score__kind=ScoreKind.AUDIT,
        score__finished_at__isnull=False,
        requirement__isnull=False,
    )
    rows = lines.order_by().values(
        "score__specialty__code", "requirement__item__name", "requirement__text", "requirement"
    )
    rows = rows.annotate(projects=Count("score__project", distinct=True))
    return [
        {
            "specialty": row["score__specialty__code"],
            "words": f"{row['requirement__item__name']} · {row['requirement__text']}",
            "projects": row["projects"],
        }
        for row in rows.filter(projects__gt=1).order_by("-projects", "requirement")
    ]


def show_repeats(facts: dict, names: Names) -> list[Shown]:
    shown: list[Shown] = [Heading(_("同一项目反复出现"), 2)]
    if facts["again"]:
        head = [_("项目"), _("专业口"), _("检查内容"), _("次数")]
        rows = [
            [row["project"], names.get(row["specialty"]), row["words"], row["times"]]
            for row in facts["again"]
        ]
        shown.append(Table(head, rows, widths=(3, 3, 8, 2), right=frozenset({3})))
    else:
        shown.append(Text(_("没有同一项目反复出现的检查内容。")))
    shown.append(Heading(_("各项目缺失最多"), 2))
    if facts["missing"]:
        head = [_("专业口"), _("检查内容"), _("缺失的项目数")]
        rows = [
            [names.get(row["specialty"]), row["words"], row["projects"]] for row in facts["missing"]
        ]
        shown.append(Table(head, rows, widths=(3, 9, 3), right=frozenset({2})))
    else:
        shown.append(Text(_("没有两个以上项目同时缺失的检查内容。")))
    return shown


def draft_repeats(facts: dict) -> str:
    return (
        _(
            "同一项目反复出现的检查内容有 %(again)d 项，两个以上项目同时缺失的有 %(missing)d 项，"
            "是下一步预防的重点。"
        )
        % facts["counts"]
    )


FINDINGS = Builder(
    "findings", gettext_lazy("问题查找和整改"), gather_findings, show_findings, draft_findings
)
REPEATS = Builder(
    "repeats", gettext_lazy("反复出现的问题"), gather_repeats, show_repeats, draft_repeats
)
