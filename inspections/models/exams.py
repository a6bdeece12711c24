"""Exams: what was set, who is invited, how each of them did."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Campaign
from inspections.exam.words import ExamForm
from inspections.models.questions import Question
from inspections.models.trainings import Training
from organization import states
from organization.clock import local_day
from organization.models import Project, Specialty, User
from organization.roles import PROJECT_LEADERS, Role

# What was tapped in time may arrive this much later.
GRACE = timedelta(seconds=30)
# Results are to be entered within these days of the last one of an exam.
RESULT_DAYS = timedelta(days=3)
COMING = states.State("coming", _("未开始"), "clock")
OPEN = states.State("open", _("考试中"), "progress", "wait")
TO_ENTER = states.State("to_enter", _("待录成绩"), "pencil", "warn")
CLOSED = states.State("closed", _("待公布"), "hourglass")
PUBLISHED = states.State("published", _("已公布"), "circle-check", "ok")
CALLED_OFF = states.State("called_off", _("已取消"), "ban")
PASSED = states.State("passed", _("及格"), "circle-check", "ok")
FAILED = states.State("failed", _("不及格"), "alert-triangle", "warn")
ABSENT = states.State("absent", _("缺考"), "ban", "warn")
NO_RESULT = states.State("no_result", _("没有成绩"), "circle-dashed")
SITTING = states.State("sitting", _("答题中"), "progress", "wait")


class ExamQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(called_off_at__isnull=True)

    def not_over(self, *, at: datetime):
        return self.standing().filter(closes_at__gt=at)

    def visible_to(self, user):
        """Company roles see all; leaders those of their projects' people; others their own."""
        if user.sees_company:
            return self
        led = [post.project_id for post in user.current_posts if post.role in PROJECT_LEADERS]
        seats = Seat.objects.filter(Q(person=user) | Q(project__in=led), exam=OuterRef("pk"))
        return self.filter(Exists(seats))

    def to_enter(self, *, at: datetime):
        """Over, not held here, and somebody invited has neither a result nor was absent."""
        over = self.standing().exclude(form=ExamForm.ONLINE).filter(closes_at__lte=at)
        return over.filter(published_at__isnull=True).filter(
            Exists(Seat.objects.unentered().filter(exam=OuterRef("pk")))
        )

    def going_on(self, *, at: datetime):
        """Not over, or over and nobody has published what came of it."""
        return self.standing().filter(Q(closes_at__gt=at) | Q(published_at__isnull=True))


class Exam(models.Model):
    """One exam of a specialty. What it asks for stays fixed once somebody has sat it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="exams")
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, related_name="exams", verbose_name=_("专业口")
    )
    title = models.CharField(_("名称"), max_length=120)
    form = models.CharField(_("形式"), max_length=10, choices=ExamForm)
    opens_at = models.DateTimeField(_("开始"))
    closes_at = models.DateTimeField(_("结束"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    full_marks = models.DecimalField(_("满分"), max_digits=5, decimal_places=1)
    pass_mark = models.DecimalField(_("及格分"), max_digits=5, decimal_places=1)
    minutes = models.PositiveSmallIntegerField(_("答题分钟数"), null=True, blank=True)
    attempts_allowed = models.PositiveSmallIntegerField(_("可考次数"), default=1)
    is_shuffled = models.BooleanField(_("题目和选项打乱"), default=True)
    gives_half = models.BooleanField(_("多选题少选得一半分"), default=True)
    questions = models.ManyToManyField(Question, blank=True, related_name="exams")
    draws = models.JSONField(default=dict, blank=True, help_text="topic -> how many at random")
    projects = models.ManyToManyField(Project, blank=True, related_name="exams")
    roles = models.JSONField(default=list, blank=True)
    is_for_all = models.BooleanField(_("不限专业"), default=False)
    retake_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="retakes"
    )
    # the training that it verifies
    training = models.ForeignKey(
        Training, models.SET_NULL, null=True, blank=True, related_name="exams"
    )
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_at = models.DateTimeField(null=True, blank=True)
    call_off_reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = ExamQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-pk"]
        verbose_name = _("考试")
        verbose_name_plural = _("考试")
        indexes = [models.Index(fields=["campaign", "closes_at"], name="exam_window")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="exam_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(pass_mark__lte=F("full_marks")), name="exam_pass_within_full"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("exam", args=[self.campaign.code, self.pk])

    @property
    def thing(self) -> str:
        """What the ledger of reminders calls it."""
        return f"exam:{self.pk}"

    @property
    def is_online(self) -> bool:
        return self.form == ExamForm.ONLINE

    @property
    def last_day(self):
        return local_day(self.closes_at)

    @property
    def results_due(self):
        return self.last_day + RESULT_DAYS

    @property
    def icon(self) -> str:
        return ExamForm(self.form).icon

    def is_open(self, *, at: datetime) -> bool:
        return not self.called_off_at and self.opens_at <= at < self.closes_at

    def is_over(self, *, at: datetime) -> bool:
        """The window has closed, and what was tapped in time has arrived."""
        return at >= self.closes_at + GRACE

    def state(self, *, at: datetime, unentered: int = 0) -> states.State:
        if self.called_off_at:
            return CALLED_OFF
        if self.published_at:
            return PUBLISHED
        if at < self.opens_at:
            return COMING
        if at < self.closes_at:
            return OPEN
        return TO_ENTER if unentered and not self.is_online else CLOSED


class SeatQuerySet(models.QuerySet):
    def unentered(self):
        """Of an exam that is not held here: neither a result nor absent."""
        return self.filter(points__isnull=True, absent=False)

    def unsat(self):
        """Neither a result nor an attempt that was handed in."""
        done = Attempt.objects.filter(seat=OuterRef("pk"), handed_in_at__isnull=False)
        return self.unentered().filter(~Exists(done))

    def sat(self):
        """Have a result, or have at least begun."""
        return self.filter(Q(points__isnull=False) | Q(attempts__isnull=False)).distinct()

    def visible_to(self, user):
        """Company roles see all; leaders their project's people; others themselves."""
        if user.sees_company:
            return self
        led = [post.project_id for post in user.current_posts if post.role in PROJECT_LEADERS]
        return self.filter(Q(person=user) | Q(project__in=led))

    def with_result(self, *, at: datetime | None = None, until: datetime | None = None):
        """Adds `result`: what was entered, or the best attempt that is over; and `tries`."""
        mine = Attempt.objects.filter(seat=OuterRef("pk")).order_by("-points")
        best = mine.over(at=at, until=until).values("points")[:1]
        tries = mine.order_by().values("seat").annotate(number=Count("pk")).values("number")
        return self.annotate(
            result=Coalesce("points", Subquery(best)), tries=Coalesce(Subquery(tries), 0)
        )

    def counted(self, by: str, exams: Mapping[int, Decimal]):
        """How many were invited, sat and passed, with sum and best result, by this field: of these
        exams, each with its pass mark, and by what is settled (`exam.settling`).

        An average is made of sum and number, rounded once. Nothing is read but an index.
        """
        # a floating figure: of amounts SQLite is asked to make one each time
        result = Coalesce("points", "best", output_field=models.FloatField())
        passed, marks = Q(), set(exams.values())
        for mark in marks:
            these = Q(exam__in=[exam for exam, its in exams.items() if its == mark])
            passed |= Q(kept__gte=mark) & (these if len(marks) > 1 else Q())
        found = self.filter(exam__pk__in=list(exams)).annotate(kept=result).order_by().values(by)
        # not of the key, which is no part of that index
        return found.annotate(
            invited=Count("*"),
            sat=Count("kept"),
            marked_absent=Count("exam", filter=Q(absent=True)),
            passed=Count("exam", filter=passed),
            total=Sum("kept"),
            best_of_all=Max("kept"),
        )


class Seat(models.Model):
    """Somebody invited to an exam, and what they got where it is not held here.

    `person` is empty for somebody without an account, who is known by name.
    """

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="seats", db_index=False)
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="exam_seats"
    )
    name = models.CharField(_("姓名"), max_length=60)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=30, choices=Role, blank=True)
    department = models.CharField(_("部门"), max_length=60, blank=True)
    points = models.DecimalField(
        pgettext_lazy("exam", "得分"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    absent = models.BooleanField(_("缺考"), default=False)
    remark = models.CharField(_("缺考原因"), max_length=200, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    extra_attempts = models.PositiveSmallIntegerField(default=0)
    # the best of the attempts that are settled (exam.settling)
    best = models.DecimalField(
        max_digits=6, decimal_places=2, null=True, blank=True, editable=False
    )
    revision = models.PositiveIntegerField(default=0)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["exam", "project__code", "name", "pk"]
        verbose_name = _("应考人")
        verbose_name_plural = pgettext_lazy("several", "应考人")
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "person"],
                condition=Q(person__isnull=False),
                name="seat_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["exam", "project", "name"],
                condition=Q(person__isnull=True),
                name="seat_once_per_name",
            ),
        ]
        indexes = [
            models.Index(fields=["exam", "project"], name="seat_of_exam"),
            # how an exam went is counted from this alone
            models.Index(
                fields=["exam", "project", "points", "best", "absent"], name="seat_results"
            ),
            # who sits it, in the order of its pages
            models.Index(fields=["exam", "project", "name", "id"], name="seat_by_name"),
        ]

    def __str__(self):
        return f"{self.name} · {self.exam}"

    @property
    def post(self) -> str:
        return str(Role(self.role).label) if self.role else ""

    @property
    def is_entered(self) -> bool:
        """Whether a result stands; one taken back leaves none, though who did it is on record."""
        return self.absent or self.points is not None

    def state(self, result: Decimal | None, *, exam: Exam, is_over: bool) -> states.State:
        """How this person did; somebody who never came was absent once the exam is over."""
        if self.absent:
            return ABSENT
        if result is not None:
            return PASSED if result >= exam.pass_mark else FAILED
        return ABSENT if is_over and exam.is_online else NO_RESULT


class AttemptQuerySet(models.QuerySet):
    def over(self, *, at: datetime | None = None, until: datetime | None = None):
        """Handed in, or its time is up and what was tapped in time has arrived: by a deadline
        `until` then.
        """
        until = at - GRACE if until is None else until
        return self.filter(Q(handed_in_at__isnull=False) | Q(deadline__lte=until))

    def running(self, *, at: datetime):
        return self.filter(handed_in_at__isnull=True, deadline__gt=at - GRACE)


class Attempt(models.Model):
    """One sitting of an exam held here: a paper drawn from a seed, until a deadline.

    `points` is what the answers so far come to, in the exam's marks; it counts once the attempt
    is over.
    """

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="attempts", db_index=False)
    number = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    possible = models.DecimalField(max_digits=7, decimal_places=2)
    points = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    # whether it is over and stands in what is kept of its exam (exam.settling)
    settled = models.BooleanField(default=False, db_default=False, editable=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["seat", "number"]
        verbose_name = _("答卷")
        verbose_name_plural = _("答卷")
        constraints = [models.UniqueConstraint(fields=["seat", "number"], name="attempt_once")]
        indexes = [
            # what goes on, or has been over for minutes: with all that is asked of it, for SQLite
            # its condition as well
            models.Index(
                fields=["seat", "id", "points", "handed_in_at", "deadline", "settled"],
                condition=Q(settled=False),
                name="attempt_not_settled",
            ),
        ]

    def __str__(self):
        return f"{self.seat} #{self.number}"

    def is_over(self, *, at: datetime) -> bool:
        return bool(self.handed_in_at) or at >= self.deadline + GRACE

    def seconds_left(self, *, at: datetime) -> int:
        return max(int((self.deadline - at).total_seconds()), 0)

    @property
    def ended_at(self) -> datetime:
        return self.handed_in_at or self.deadline


class Answer(models.Model):
    """One question on a paper, and what stands chosen; `order` is that of the shown options.

    `chosen` are letters of the bank. `chosen_at` is when it was tapped, so that what arrives
    late never takes the place of what was tapped after it.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField()
    order = models.CharField(max_length=8, blank=True, help_text="places in the bank, as shown")
    chosen = models.CharField(max_length=8, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)
    earned = models.DecimalField(max_digits=7, decimal_places=3, default=0)

    class Meta:
        ordering = ["attempt", "position"]
        verbose_name = _("作答")
        verbose_name_plural = _("作答")
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="answer_once")]

    def __str__(self):
        return f"{self.position}. {self.question}"


class QuestionCount(models.Model):
    """A question of an exam over all its settled attempts: how often it was asked and answered
    in full, and the thousandths of points that were earned.
    """

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="+", db_index=False)
    question = models.ForeignKey(Question, models.CASCADE, related_name="+")
    asked = models.IntegerField(default=0)
    right = models.IntegerField(default=0)
    thousandths = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam", "question"], name="question_count_once")
        ]

    def __str__(self):
        return f"{self.question_id} {self.right}/{self.asked}"


class QuestionUpload(models.Model):
    """A list of questions that was read and waits for its uploader to confirm it."""

    specialty = models.ForeignKey(Specialty, models.CASCADE, related_name="+")
    file = models.ForeignKey("organization.StoredFile", models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("题库导入")
        verbose_name_plural = _("题库导入")

    def __str__(self):
        return self.file.name
