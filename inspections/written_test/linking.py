"""A visit by written test: its exam, and what its results cost."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from inspections.audit_visit.carrying_out import hold
from inspections.audit_visit.observing import observe_on
from inspections.exam.rates import Rate, overall
from inspections.models import AuditVisit, Exam, Observation, Seat, WrittenTest
from inspections.words import Method
from inspections.written_material import in_the_companys_language
from organization.errors import Refused
from organization.history import record
from organization.models import User


def exams_for(visit: AuditVisit):
    """The campaign's exams that people of the project were invited to, the newest first."""
    here = Seat.objects.filter(exam=OuterRef("pk"), project=visit.project)
    found = Exam.objects.standing().filter(Exists(here), campaign=visit.campaign)
    return found.select_related("specialty")


@transaction.atomic
def link_exam(*, visit: AuditVisit, exam: Exam, by: User, at: datetime) -> WrittenTest:
    """Say which exam the visit is about, until something was taken from its results.

    Refused for a visit by another method or one that is over, and for an exam that nobody of
    the project was invited to.
    """
    hold(visit, by)
    if visit.method != Method.WRITTEN_TEST:
        raise Refused(_("这次检查不是笔试。"), code="method")
    if visit.finished_at:
        raise Refused(_("这次检查已经结束。"), code="finished")
    if not exams_for(visit).filter(pk=exam.pk).exists():
        raise Refused(_("这场考试没有这个项目的人。"), code="not_theirs", field="exam")
    if visit.sources.exists():
        raise Refused(_("已经按这场考试记过扣分，不能再换。"), code="used")
    made, _is_new = WrittenTest.objects.update_or_create(
        visit=visit, defaults={"exam": exam, "linked_at": at, "linked_by": by}
    )
    record(on=visit, verb="link_exam", by=by, at=at, exam=str(exam))
    return made


def rate_of(test: WrittenTest, *, at: datetime) -> Rate:
    """How the project's people did."""
    return overall(test.exam, test.exam.seats.filter(project=test.visit.project), at=at)


@transaction.atomic
def observe_exam(
    *,
    visit: AuditVisit,
    about: tuple[str, int | None],
    points: Decimal | None,
    id: UUID,
    by: User,
    at: datetime,
) -> Observation:
    """Take what the results show from the project's sheet of the exam's specialty.

    The note names the exam and its figures. Refused before the exam is over, while nobody has a
    result, and as `observe_on` refuses.
    """
    test = WrittenTest.objects.filter(visit=visit).select_related("exam__specialty").first()
    if test is None:
        raise Refused(_("先选定考试。"), code="no_exam")
    test.visit = visit
    if not test.exam.is_over(at=at):
        raise Refused(_("考试还没有结束。"), code="running")
    rate = rate_of(test, at=at)
    if not rate.decided:
        raise Refused(_("这个项目还没有成绩。"), code="no_result")
    made = observe_on(
        visit=visit, specialty=test.exam.specialty, about=about, points=points,
        note=note_of(test.exam, rate), id=id, by=by, at=at,
    )  # fmt: skip
    record(on=visit, verb="observe_exam", by=by, at=at, observation=str(made.pk))
    return made


def note_of(exam: Exam, rate: Rate) -> str:
    with in_the_companys_language():
        said = _(
            "笔试《%(exam)s》：应考 %(invited)d 人，缺考 %(absent)d 人，及格 %(passed)d 人，"
            "合格率 %(percent)s%%，平均 %(average)s 分（及格 %(mark)s 分）"
        )
        return said % {
            "exam": exam, "invited": rate.invited, "absent": rate.absent, "passed": rate.passed,
            "percent": rate.percent, "average": "—" if rate.average is None else rate.average,
            "mark": f"{exam.pass_mark.normalize():f}",
        }  # fmt: skip
