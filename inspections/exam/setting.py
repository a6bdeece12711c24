"""Setting an exam: what it asks for, who is invited; fixed once somebody has sat it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.telling import News, tell_many
from inspections.exam.invited import accounts_of, posts_invited, seats_again, seats_for
from inspections.exam.retakes import to_retake
from inspections.exam.words import ExamForm
from inspections.models import Attempt, Exam, Question, Seat, Training
from inspections.moves import lock, person, require_running
from organization.clock import local_day
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Project, Specialty
from organization.prepared import prepared
from organization.templatetags.ui import moment

LONGEST_WINDOW = timedelta(days=60)
MOST_MINUTES = 600


@dataclass(frozen=True)
class Terms:
    """Everything that an exam is set with. Without projects all that take part are meant."""

    title: str
    form: str
    opens_at: datetime
    closes_at: datetime
    place: str = ""
    full_marks: Decimal = Decimal(100)
    pass_mark: Decimal = Decimal(60)
    minutes: int | None = None
    attempts_allowed: int = 1
    is_shuffled: bool = True
    gives_half: bool = True
    is_for_all: bool = False
    training: Training | None = None
    roles: Sequence[str] = ()
    projects: Sequence[Project] = ()
    questions: Sequence[Question] = ()
    draws: dict[str, int] = field(default_factory=dict)

    MANY = ("projects", "questions")

    def columns(self) -> dict:
        """What stands in the exam's own row."""
        names = [name for name in self.__dataclass_fields__ if name not in self.MANY]
        return {name: getattr(self, name) for name in names} | {"roles": list(self.roles)}


@transaction.atomic
def set_exam(
    *,
    campaign: Campaign,
    specialty: Specialty,
    terms: Terms,
    by,
    at: datetime,
    retake_of: Exam | None = None,
) -> Exam:
    """Announce an exam and tell everybody who is invited.

    A retake invites those who failed or were absent before. Refused when the campaign does not
    run, when the terms do not fit together, and when nobody would be invited.
    """
    require_running(campaign)
    check(terms, specialty, campaign)
    if terms.closes_at <= at:
        raise Refused(_("考试结束的时间已经过去了。"), code="past", field="closes_at")
    exam = Exam.objects.create(
        campaign=campaign,
        specialty=specialty,
        retake_of=retake_of,
        set_at=at,
        set_by=person(by),
        **terms.columns(),
    )
    invite(exam, terms, at=at)
    record(on=exam, verb="set_exam", by=by, at=at, invited=exam.seats.count())
    announce(exam, at=at)
    return exam


@transaction.atomic
def change_exam(*, exam: Exam, terms: Terms, by, at: datetime, revision: int | None = None) -> Exam:
    """Set it anew; who is invited is told when day, time or place have changed.

    Refused once somebody has begun or a result was entered; Conflict for a stale page.
    """
    lock(exam)
    check_open(exam, revision)
    check(terms, exam.specialty, exam.campaign)
    before = (exam.opens_at, exam.closes_at, exam.place)
    old = {name: str(getattr(exam, name)) for name in terms.columns()}
    for name, value in terms.columns().items():
        setattr(exam, name, value)
    exam.revision += 1
    exam.save()
    invite(exam, terms, at=at)
    record(on=exam, verb="change_exam", by=by, at=at, old=old)
    if before != (exam.opens_at, exam.closes_at, exam.place):
        announce(exam, at=at)
    return exam


@transaction.atomic
def call_off_exam(*, exam: Exam, reason: str, by, at: datetime) -> Exam:
    """It does not take place; who was invited is told why. Refused once somebody has sat it."""
    lock(exam)
    check_open(exam)
    reason = reason.strip()
    if not reason:
        raise Refused(_("写明取消的原因，应考的人会看到。"), code="reason", field="reason")
    exam.called_off_at, exam.call_off_reason = at, reason
    exam.revision += 1
    exam.save()
    record(
        on=exam,
        verb="call_off_exam",
        by=by,
        at=at,
        before="standing",
        after="called_off",
        reason=reason,
    )
    told(exam, "called_off", lambda: _("考试已取消：%(exam)s") % {"exam": exam}, reason, at=at)
    return exam


@transaction.atomic
def add_seat(*, exam: Exam, name: str, project: Project | None, by, at: datetime) -> Seat:
    """Somebody without an account sits it as well. Not where an account is needed, nor twice."""
    if exam.is_online:
        raise Refused(_("在线考试要用账号登录，先给这个人建账号。"), code="online")
    check_results_open(exam)
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise Refused(_("写上姓名，最多 60 个字。"), code="name", field="name")
    if exam.seats.filter(name=name, project=project).exists():
        raise Refused(_("名单里已经有%(name)s。") % {"name": name}, code="twice", field="name")
    seat = Seat.objects.create(exam=exam, name=name, project=project)
    record(on=exam, verb="add_seat", by=by, at=at, name=name)
    return seat


# --- what may not be -----------------------------------------------------------------------


def is_begun(exam: Exam) -> bool:
    """Somebody has begun it, or has a result."""
    ways = [entered_in, begun_in]
    # the likely one first: to find that there is none of the other all are looked through
    return any(way(exam=exam.pk) for way in (reversed(ways) if exam.is_online else ways))


def any_entered(*, exam):
    return Seat.objects.filter(exam=exam).exclude(points=None, absent=False).order_by()[:1]


def any_begun(*, exam):
    return Attempt.objects.filter(seat__exam=exam).order_by().values_list("pk")[:1]


EXAM = {"exam": Exam._meta.pk}
entered_in, begun_in = prepared(any_entered, EXAM), prepared(any_begun, EXAM)


def check_open(exam: Exam, revision: int | None = None) -> None:
    if revision not in (None, exam.revision):
        raise Conflict(_("您打开这一页之后，这场考试有了变化。"), theirs=exam)
    require_running(exam.campaign)
    if exam.called_off_at:
        raise Refused(_("这场考试已经取消。"), code="called_off")
    if is_begun(exam):
        raise Refused(_("已经有人考过或有了成绩，考试安排不能再改。"), code="begun")


def check_results_open(exam: Exam) -> None:
    require_running(exam.campaign)
    if exam.called_off_at:
        raise Refused(_("这场考试已经取消。"), code="called_off")


def check(terms: Terms, specialty: Specialty, campaign: Campaign) -> None:
    check_window(terms, campaign)
    if not terms.title.strip():
        raise Refused(_("写上考试名称。"), code="title", field="title")
    if not 0 < terms.full_marks <= 1000:
        raise Refused(_("满分要在 1 和 1000 之间。"), code="marks", field="full_marks")
    if not 0 <= terms.pass_mark <= terms.full_marks:
        raise Refused(_("及格分不能超过满分。"), code="marks", field="pass_mark")
    if terms.training and not campaign.trainings.filter(pk=terms.training.pk, specialty=specialty):
        raise Refused(_("选这个专业在本次专项工作里的培训。"), code="training", field="training")
    if terms.form == ExamForm.ONLINE:
        check_online(terms, specialty)


def check_window(terms: Terms, campaign: Campaign) -> None:
    first = campaign.phases.order_by("start").first()
    if terms.closes_at <= terms.opens_at:
        raise Refused(_("结束要晚于开始。"), code="window", field="closes_at")
    if terms.closes_at - terms.opens_at > LONGEST_WINDOW:
        raise Refused(_("考试时间太长，最多 60 天。"), code="window", field="closes_at")
    if first and local_day(terms.opens_at) < first.start:
        raise Refused(_("考试不能早于专项工作开始。"), code="before", field="opens_at")


def check_online(terms: Terms, specialty: Specialty) -> None:
    if not terms.minutes or terms.minutes > MOST_MINUTES:
        raise Refused(_("写明答题多少分钟，最多 600 分钟。"), code="minutes", field="minutes")
    if not 1 <= terms.attempts_allowed <= 10:
        raise Refused(_("可考次数在 1 和 10 之间。"), code="attempts", field="attempts_allowed")
    if not (terms.questions or any(terms.draws.values())):
        message = _("在线考试要有题目：指定题目，或按知识点抽题。")
        raise Refused(message, code="no_questions", field="draws")
    there = Question.objects.filter(specialty=specialty).by_topic()
    for topic, number in terms.draws.items():
        if not 0 <= number <= there.get(topic, 0):
            words = {"topic": topic or _("未分知识点"), "count": there.get(topic, 0)}
            message = _("“%(topic)s”只有 %(count)d 道题。") % words
            raise Refused(message, code="too_many", field="draws")


# --- what the moves are made of ------------------------------------------------------------


def invite(exam: Exam, terms: Terms, *, at: datetime) -> None:
    """The list of who is invited as the terms say; people added by name stay on it."""
    projects = list(terms.projects) or list(exam.campaign.projects.all())
    exam.projects.set(projects)
    exam.questions.set(terms.questions)
    wanted = wanted_seats(exam, projects, at=at)
    there = dict(exam.seats.filter(person__isnull=False).values_list("person_id", "pk"))
    ids = {seat.person_id for seat in wanted}
    exam.seats.filter(
        pk__in=[pk for person_id, pk in there.items() if person_id not in ids]
    ).delete()
    fresh = [seat for seat in wanted if seat.person_id is None or seat.person_id not in there]
    Seat.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    if not exam.seats.exists():
        message = _("这样选没有人应考：换项目或岗位，或者选“不限专业”。")
        raise Refused(message, code="nobody", field="projects")


def wanted_seats(exam: Exam, projects: list[Project], *, at: datetime) -> list[Seat]:
    if exam.retake_of_id:
        return seats_again(exam, to_retake(exam.retake_of, at=at))
    posts = posts_invited(
        exam.campaign,
        exam.specialty,
        projects=projects,
        roles=exam.roles,
        is_for_all=exam.is_for_all,
    )
    return seats_for(exam, posts)


def announce(exam: Exam, *, at: datetime) -> None:
    told(
        exam,
        f"set {exam.revision}",
        lambda: _("考试通知：%(exam)s") % {"exam": exam},
        lambda: when_and_where(exam),
        at=at,
    )


def when_and_where(exam: Exam) -> str:
    words = {
        "form": exam.get_form_display(),
        "from": moment(exam.opens_at),
        "to": moment(exam.closes_at),
    }
    text = _("%(form)s，%(from)s 到 %(to)s") % words
    return f"{text} · {exam.place}" if exam.place else text


def told(exam: Exam, occurrence: str, title, body="", *, at: datetime) -> None:
    news = News(
        people=accounts_of(exam),
        campaign=exam.campaign,
        thing=exam.thing,
        occurrence=occurrence,
        title=title,
        body=body,
        url=exam.get_absolute_url(),
    )
    tell_many([news], at=at)
