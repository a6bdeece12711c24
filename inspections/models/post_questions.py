"""Questions asked at people's posts: the bank, what was drawn for a visit, who said what."""

from datetime import timedelta

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspections.models.audit_visits import AuditVisit
from inspections.models.questions import IN_USE, RETIRED
from inspections.models.sheets import Observation
from inspections.post_question.words import Result, post_word
from organization import states
from organization.lists import in_language
from organization.models import Specialty, User
from organization.roles import Role

WAITED = timedelta(minutes=1)  # on a device; less is the way to the server


class PostQuestionQuerySet(models.QuerySet):
    def active(self):
        return self.filter(retired_at__isnull=True)

    def retired(self):
        return self.filter(retired_at__isnull=False)

    def visible_to(self, user):
        """The company's people only: nobody who could be asked."""
        return self if user.sees_company else self.none()

    def with_use(self):
        """Adds `is_used`: it was drawn for a visit, so it stays as it is."""
        return self.annotate(is_used=Exists(DrawnQuestion.objects.filter(question=OuterRef("pk"))))

    def by_post(self) -> dict[tuple[int, str], int]:
        """How many active questions each post has, by specialty and role."""
        rows = self.active().order_by("specialty__order", "role")
        counted = rows.values_list("specialty", "role").annotate(Count("pk"))
        return {(specialty, role): number for specialty, role, number in counted}


class PostQuestion(models.Model):
    """One question for a post, in both languages, and what a right answer says.

    `item` and `requirement` are the code of a rubric's item and the number of its requirement
    that a wrong answer is about: a sheet finds them on its own version (ruling 13). Once it was
    drawn its words never change: a new one takes its place.
    """

    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="post_questions")
    role = models.CharField(_("岗位"), max_length=30, choices=Role)
    text_zh = models.CharField(_("题目"), max_length=300)
    text_en = models.CharField(_("题目（英文）"), max_length=300, blank=True)
    answer_zh = models.TextField(_("标准回答"))
    answer_en = models.TextField(_("标准回答（英文）"), blank=True)
    item = models.CharField(_("评分项编码"), max_length=20, blank=True)
    requirement = models.PositiveSmallIntegerField(_("检查内容序号"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = PostQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["specialty__order", "role", "pk"]
        verbose_name = _("岗位询问题")
        verbose_name_plural = _("岗位询问题")
        indexes = [
            models.Index(
                fields=["specialty", "role"],
                condition=Q(retired_at__isnull=True),
                name="post_question_active",
            )
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def text(self) -> str:
        return in_language((self.text_zh, self.text_en or self.text_zh))

    @property
    def answer(self) -> str:
        return in_language((self.answer_zh, self.answer_en or self.answer_zh))

    @property
    def post(self) -> str:
        return post_word(self.specialty, self.role)

    def state(self, *, at=None) -> states.State:
        return RETIRED if self.retired_at else IN_USE


class PostDraw(models.Model):
    """The questions drawn for one post on one visit; the same seed draws them again.

    `among` is what there was to draw from: [question, how often drawn before, drawn at the
    project's last visit] each.
    """

    visit = models.ForeignKey(AuditVisit, models.PROTECT, related_name="draws")
    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="+")
    role = models.CharField(_("岗位"), max_length=30, choices=Role)
    seed = models.PositiveIntegerField()
    number = models.PositiveSmallIntegerField(_("抽几道"))
    among = models.JSONField(default=list)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["visit", "pk"]
        verbose_name = _("抽题")
        verbose_name_plural = _("抽题")
        constraints = [
            models.UniqueConstraint(fields=["visit", "specialty", "role"], name="post_draw_once")
        ]

    def __str__(self):
        return self.post

    @property
    def post(self) -> str:
        return post_word(self.specialty, self.role)


class DrawnQuestion(models.Model):
    draw = models.ForeignKey(PostDraw, models.PROTECT, related_name="drawn", db_index=False)
    question = models.ForeignKey(PostQuestion, models.PROTECT, related_name="drawn")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["draw", "position"]
        verbose_name = _("抽到的题")
        verbose_name_plural = _("抽到的题")
        constraints = [models.UniqueConstraint(fields=["draw", "position"], name="drawn_once")]

    def __str__(self):
        return f"{self.position}. {self.question}"

    def get_absolute_url(self) -> str:
        visit = self.draw.visit
        return reverse("post_question_ask", args=[visit.campaign.code, visit.pk, self.pk])


class PostAnswerQuerySet(models.QuerySet):
    def standing(self):
        """Those that no later one took the place of."""
        return self.filter(replacement=None)


class PostAnswer(models.Model):
    """What somebody answered, as the auditor noted it; never changed, never deleted.

    The id is made by the page, so that sending twice does no harm. `person` is empty for
    somebody without an account, who is known by name and position. A correction is one more row
    that `replaces` the former. What was noted on a device says when: `answered_at` by the server's
    clock as far as it can be told, `device_at` by the device's own.
    """

    id = models.UUIDField(primary_key=True)
    drawn = models.ForeignKey(DrawnQuestion, models.PROTECT, related_name="answers")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    position = models.CharField(_("岗位"), max_length=60, blank=True)
    result = models.CharField(_("结果"), max_length=10, choices=Result)
    note = models.TextField(_("说明"), blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replacement"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("检查人"))
    recorded_at = models.DateTimeField(_("记录时间"))
    answered_at = models.DateTimeField(_("回答时间"), null=True, blank=True)
    device_at = models.DateTimeField(_("设备时间"), null=True, blank=True)

    objects = PostAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "id"]
        verbose_name = _("岗位询问记录")
        verbose_name_plural = _("岗位询问记录")

    def __str__(self):
        return f"{self.name} · {self.get_result_display()}"

    @property
    def noted_at(self):
        """When it was answered, as far as that is known."""
        return self.answered_at or self.recorded_at

    @property
    def waited(self) -> bool:
        """Whether it lay on a device for a while, so that both times are worth a reader's eye."""
        return self.recorded_at - self.noted_at >= WAITED

    @property
    def is_wanting(self) -> bool:
        return self.result != Result.RIGHT

    def state(self, *, at=None) -> states.State:
        return Result(self.result).state


class VisitObservation(models.Model):
    """From what on a visit an observation was made; `answer` is empty where it is a written test.

    Most observations need none of these: what was seen on a visit follows from who saw it when.
    """

    observation = models.OneToOneField(
        Observation, models.PROTECT, primary_key=True, related_name="source"
    )
    visit = models.ForeignKey(AuditVisit, models.PROTECT, related_name="sources")
    answer = models.ForeignKey(
        PostAnswer, models.PROTECT, null=True, blank=True, related_name="sources"
    )

    class Meta:
        verbose_name = _("检查记录的来处")
        verbose_name_plural = _("检查记录的来处")

    def __str__(self):
        return str(self.visit)
