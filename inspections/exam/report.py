"""The exam report (考试报告): what was held, who passed, what is weak, every name and score."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaign.models import Campaign, Evidence, Obligation
from campaign.words import EvidenceKind, Scope
from inspections.exam.rates import Rate, by_project, overall, topics
from inspections.exam.setting import check_results_open
from inspections.models import Exam, Seat
from inspections.written_material import (
    document_of,
    hand_in_document,
    in_the_companys_language,
    keys,
)
from organization.clock import local_day
from organization.errors import Refused
from organization.history import record
from organization.models import Specialty, User
from organization.papers import FORMATS, Facts, Heading, Paper, Signatures, Table, Text
from organization.prepared import prepared
from organization.templatetags.ui import moment

WEAK = 5


def exam_report(exam: Exam, *, at: datetime) -> Paper:
    """The report in the reader's language. Refused unless the exam has been held."""
    if exam.called_off_at or not exam.is_over(at=at):
        raise Refused(_("考试结束后才能出报告。"), code="running")
    rate = overall(exam, exam.seats.all(), at=at)
    return Paper(
        title=_("%(specialty)s考试报告") % {"specialty": exam.specialty},
        subtitle=str(exam),
        foot=str(exam.campaign),
        blocks=[
            Heading(_("一、考试情况")),
            Facts(about(exam, rate)),
            Heading(_("二、各项目合格率")),
            projects_table(exam, at=at),
            *weak_topics(exam, at=at),
            Heading(_("三、成绩名单")),
            names_table(exam, at=at),
            Text(_("制表时间：%(when)s") % {"when": moment(at)}, quiet=True),
            Signatures([_("专业负责人"), _("管理中心")]),
        ],
    )


def about(exam: Exam, rate: Rate) -> list[tuple[str, object]]:
    facts = [
        (_("形式"), exam.get_form_display()),
        (_("时间"), f"{moment(exam.opens_at)} – {moment(exam.closes_at)}"),
        (_("满分和及格分"), f"{plain(exam.full_marks)} / {plain(exam.pass_mark)}"),
        (_("应考、实考、缺考"), f"{rate.invited} / {rate.sat} / {rate.absent}"),
        (_("及格人数和合格率"), f"{rate.passed} / {share(rate)}"),
        (_("平均分、最高分"), f"{plain(rate.average)} / {plain(rate.best)}"),
    ]
    return facts + ([(_("地点"), exam.place)] if exam.place else [])


def projects_table(exam: Exam, *, at: datetime) -> Table:
    words = (_("应考"), _("实考"), _("缺考"), _("及格"), _("合格率"), _("平均分"), _("最高分"))
    head = [_("项目"), *words]
    rows = [
        [
            project or _("未分项目"), rate.invited, rate.sat, rate.absent, rate.passed,
            share(rate), plain(rate.average), plain(rate.best),
        ]
        for project, rate in by_project(exam, exam.seats.all(), at=at)
    ]  # fmt: skip
    return Table(head, rows, widths=[5, 2, 2, 2, 2, 3, 2, 2], right=frozenset(range(1, 8)))


def weak_topics(exam: Exam, *, at: datetime) -> list:
    """Which topics people know least, where the questions tell."""
    found = [topic for topic in topics(exam, at=at) if topic.percent is not None][:WEAK]
    if not found:
        return []
    rows = [[topic.name or _("未分知识点"), f"{topic.percent}%"] for topic in found]
    table = Table([_("知识点"), _("得分率")], rows, widths=[5, 1], right=frozenset({1}))
    return [Heading(_("得分率最低的知识点"), 2), table]


def names_table(exam: Exam, *, at: datetime) -> Table:
    head = [_("序号"), _("姓名"), _("项目"), _("岗位"), pgettext("exam", "得分"), _("结果")]
    seats = exam.seats.with_result(at=at).select_related("project")
    rows = [name_row(number, seat, exam) for number, seat in enumerate(seats, 1)]
    return Table(head, rows, widths=[2, 4, 6, 5, 2, 3], right=frozenset({0, 4}))


def name_row(number: int, seat: Seat, exam: Exam) -> list:
    state = seat.state(seat.result, exam=exam, is_over=True)
    return [number, seat.name, seat.project or "", seat.post, plain(seat.result), state]


def report_file(exam: Exam, kind: str, *, at: datetime) -> tuple[bytes, str, str]:
    """The document's bytes, its name and what it is. Refused where PDF cannot be drawn."""
    wanted = FORMATS[kind]
    paper = exam_report(exam, at=at)
    return wanted.make(paper), f"{paper.title}_{local_day(at)}.{wanted.ending}", wanted.mime


def report_obligation(exam: Exam) -> Obligation | None:
    """The specialty's milestone that asks for an exam report."""
    owed = owed_by(campaign=exam.campaign_id, specialty=exam.specialty_id)
    asked = EvidenceKind.EXAM_REPORT
    return next((each for each in owed if asked in each.milestone.evidence), None)


def of_specialty(*, campaign, specialty) -> QuerySet[Obligation]:
    found = Obligation.objects.filter(campaign=campaign, specialty=specialty)
    return found.filter(milestone__scope=Scope.SPECIALTY).with_all()


owed_by = prepared(of_specialty, {"campaign": Campaign._meta.pk, "specialty": Specialty._meta.pk})


def file_report(*, exam: Exam, by: User, at: datetime) -> Evidence:
    """Keep the report among the obligation's written material, in place of an earlier one of
    this exam, ready to submit.

    Refused before the results are published, where no milestone asks for it, and as
    `attach_evidence` refuses.
    """
    check_results_open(exam)
    if not exam.published_at:
        raise Refused(_("先公布成绩，再把报告存到任务里。"), code="unpublished")
    obligation = report_obligation(exam)
    if obligation is None:
        raise Refused(_("这次专项工作没有要交考试报告的任务。"), code="no_obligation")
    with in_the_companys_language():
        paper = exam_report(exam, at=at)
        document = document_of(paper, f"{paper.title}_{local_day(at)}")
    with transaction.atomic():
        evidence = hand_in_document(
            of=exam,
            verb="file_report",
            obligation=obligation,
            document=document,
            kind=EvidenceKind.EXAM_REPORT,
            about=min(exam.last_day, local_day(at)),
            by=by,
            at=at,
        )
        handed = {"name": evidence.file.name, "evidence": keys([evidence])}
        record(on=exam, verb="file_report", by=by, at=at, **handed)
    return evidence


def share(rate: Rate) -> str:
    return "—" if rate.percent is None else f"{rate.percent}%"


def plain(figure) -> str:
    return "—" if figure is None else f"{figure.normalize():f}"
