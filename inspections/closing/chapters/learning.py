"""What people learnt: trainings with who came, exams with who passed."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from inspections.closing.chapters import Builder, Names, Shown
from inspections.closing.chapters.findings import percent
from inspections.exam.rates import of_exams
from inspections.models import Exam, Seat, Training
from organization.clock import local_day
from organization.papers import Heading, Table, Text
from organization.templatetags.ui import day


def gather(campaign: Campaign, at: datetime) -> dict:
    return {"trainings": trainings(campaign, at), "exams": exams(campaign, at)}


def trainings(campaign: Campaign, at: datetime) -> list[dict]:
    """Those that were held, and how many of those noted came."""
    held = Training.objects.on_record().filter(campaign=campaign, starts_at__lte=at)
    held = held.select_related("specialty").annotate(
        noted=Count("attendances"), came=Count("attendances", filter=Q(attendances__came=True))
    )
    return [
        {
            "title": each.title,
            "specialty": each.specialty.code,
            "day": local_day(each.starts_at).isoformat(),
            "came": each.came,
            "noted": each.noted,
        }
        for each in held.order_by("starts_at", "pk")
    ]


def exams(campaign: Campaign, at: datetime) -> list[dict]:
    set_ones = list(Exam.objects.standing().filter(campaign=campaign).select_related("specialty"))
    rates = of_exams(set_ones, Seat.objects.all(), at=at) if set_ones else {}
    return [
        {
            "title": exam.title,
            "specialty": exam.specialty.code if exam.specialty else "",
            "invited": rates[exam.pk].invited,
            "sat": rates[exam.pk].sat,
            "passed": rates[exam.pk].passed,
        }
        for exam in set_ones
        if exam.pk in rates
    ]


def show(facts: dict, names: Names) -> list[Shown]:
    """A chapter drafted before there were trainings has none among its facts."""
    shown: list[Shown] = []
    if facts.get("trainings"):
        shown += [Heading(_("培训"), 2), trainings_table(facts["trainings"], names)]
    if facts.get("exams"):
        shown += [Heading(_("考试"), 2), exams_table(facts["exams"], names)]
    return shown or [Text(_("这次专项工作没有培训和考试的记录。"))]


def trainings_table(rows: list[dict], names: Names) -> Table:
    head = [_("培训"), _("专业口"), _("日期"), _("到场"), _("到场率")]
    lines = [
        [
            row["title"],
            names.get(row["specialty"], "—"),
            day(datetime.fromisoformat(row["day"]).date()),
            row["came"],
            percent(row["came"], row["noted"]),
        ]
        for row in rows
    ]
    return Table(head, lines, widths=(6, 3, 3, 2, 2), right=frozenset({3, 4}))


def exams_table(rows: list[dict], names: Names) -> Table:
    head = [_("考试"), _("专业口"), _("应考"), _("实考"), _("及格"), _("及格率")]
    lines = [
        [
            row["title"],
            names.get(row["specialty"], "—"),
            row["invited"],
            row["sat"],
            row["passed"],
            percent(row["passed"], row["invited"]),
        ]
        for row in rows
    ]
    return Table(head, lines, widths=(6, 3, 2, 2, 2, 2), right=frozenset({2, 3, 4, 5}))


def draft(facts: dict) -> str:
    counts = {name: len(facts[name]) for name in ("trainings", "exams")}
    if not any(counts.values()):
        return ""
    return _("组织培训 %(trainings)d 次、考试 %(exams)d 场，验证培训效果。") % counts


LEARNING = Builder("learning", gettext_lazy("培训和考试"), gather, show, draft)
