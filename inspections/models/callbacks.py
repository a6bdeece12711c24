"""Call-backs: a project's customers, whom a visit drew, what they answered (docs/field.md).

Name, room and number of a customer stand in one sealed text. Everything else here is without
them, so that answers outlive the list.
"""

import json
import uuid
from functools import cached_property

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.callback.masks import NOBODY, masked
from inspections.callback.words import CallOutcome, CustomerKind, Grade
from inspections.models.audit_visits import AuditVisit
from organization.errors import Refused
from organization.models import Project, Specialty, User
from organization.vault import unseal


class CallbackTerms(models.Model):
    """What a campaign sets for its call-backs; without a row these defaults hold."""

    campaign = models.OneToOneField(
        Campaign, models.CASCADE, related_name="callback_terms", verbose_name=_("专项工作")
    )
    size = models.PositiveSmallIntegerField(
        _("每次抽取客户数"), default=10, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    tries = models.PositiveSmallIntegerField(
        _("每位客户最多拨打次数"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    least = models.PositiveSmallIntegerField(
        _("向项目公布结果所需的最少回答数"),
        default=3,
        validators=[MinValueValidator(2), MaxValueValidator(50)],
    )
    days = models.PositiveSmallIntegerField(
        _("客户名单保存天数"),
        default=60,
        validators=[MinValueValidator(7), MaxValueValidator(365)],
    )
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("客户回访设置")
        verbose_name_plural = _("客户回访设置")

    def __str__(self):
        return gettext("客户回访设置")


class CustomerQuerySet(models.QuerySet):
    def listed(self):
        """Those whose name and number were not erased."""
        return self.filter(erased_at__isnull=True)


class Customer(models.Model):
    """Somebody who may be called; `mark` finds the same number without opening `sealed`.

    `number` counts within a project's list, so that a draw can be repeated from the list.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("客户类型"), max_length=12, choices=CustomerKind, blank=True)
    sealed = models.TextField(blank=True)
    mark = models.CharField(max_length=64, blank=True)
    listed_at = models.DateTimeField(_("最近导入"))
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["project__code", "number"]
        verbose_name = _("客户")
        verbose_name_plural = _("客户")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "project", "number"], name="customer_number_once"
            ),
            models.UniqueConstraint(
                fields=["campaign", "project", "mark"],
                condition=~models.Q(mark=""),
                name="customer_mark_once",
            ),
        ]
        indexes = [
            models.Index(fields=["erased_at", "listed_at"], name="customer_age"),
            # how many are listed, and of which projects
            models.Index(
                fields=["campaign", "project"],
                condition=models.Q(erased_at__isnull=True),
                name="customer_listed",
            ),
        ]

    def __str__(self):
        return gettext("客户名单第 %(number)d 号") % {"number": self.number}

    @cached_property
    def secret(self) -> dict[str, str]:
        """Name, unit and phone in clear: for `masked` and `inspections.callback.calls.reveal`.

        Raises Refused (code "sealed") when no key opens them.
        """
        return json.loads(unseal(self.sealed)) if self.sealed else NOBODY

    @property
    def masked(self) -> dict[str, str]:
        """The same as pages show it; empty where it can't be opened."""
        try:
            return masked(self.secret)
        except Refused:
            return NOBODY


class ForgottenCustomer(models.Model):
    """That the owner of a number asked to be erased; see inspections.callback.forgotten.

    `mark` is a hash of the number under the evidence key named `key`; there is nothing else of it.
    """

    key = models.CharField(max_length=16)
    mark = models.CharField(max_length=22, unique=True)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("要求删除资料的客户")
        verbose_name_plural = _("要求删除资料的客户")

    def __str__(self):
        return gettext("要求删除资料的客户")


class CustomerUpload(models.Model):
    """A list that waits for whoever uploaded it to look at what it would do.

    `sealed` are its rows, gone as soon as it was taken and a day later in any case.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    sealed = models.TextField(blank=True)
    uploaded_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("客户名单导入")
        verbose_name_plural = _("客户名单导入")

    def __str__(self):
        return self.name


class Questionnaire(models.Model):
    """One version of what a campaign's customers are asked; the newest is in use."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="questionnaires")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["campaign", "number"]
        verbose_name = _("回访问卷")
        verbose_name_plural = _("回访问卷")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="questionnaire_once")
        ]

    def __str__(self):
        return gettext("回访问卷第 %(number)d 版") % {"number": self.number}


class CallbackQuestion(models.Model):
    """One question on the scale; `specialty`, `item` and `line` name the requirement, by its
    rubric's codes, that a low answer means to be missing.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("问题"), max_length=200)
    specialty = models.ForeignKey(Specialty, models.PROTECT, null=True, blank=True)
    item = models.CharField(max_length=40, blank=True)
    line = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["questionnaire", "order"]
        verbose_name = _("回访问题")
        verbose_name_plural = _("回访问题")

    def __str__(self):
        return self.text


class CallbackSample(models.Model):
    """Whom a visit may call: `order` holds [number, kind, called on the last visit] of the whole
    list in the order drawn; it follows from the list and the seed (callback.drawing).
    """

    visit = models.OneToOneField(AuditVisit, models.CASCADE, related_name="sample")
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="+")
    seed = models.CharField(_("随机数"), max_length=64)
    size = models.PositiveSmallIntegerField()
    tries = models.PositiveSmallIntegerField()
    order = models.JSONField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # what its calls have come to (callback.counting): customers by outcome, complaints, answers
    # to all questions and the sum of their grades
    answered = models.IntegerField(default=0, db_default=0, editable=False)
    refused = models.IntegerField(default=0, db_default=0, editable=False)
    missed = models.IntegerField(default=0, db_default=0, editable=False)
    complaints = models.IntegerField(default=0, db_default=0, editable=False)
    answers = models.IntegerField(default=0, db_default=0, editable=False)
    grades = models.IntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("回访抽样")
        verbose_name_plural = _("回访抽样")
        indexes = [
            # sums of the campaign are read from this alone: the rows hold whole lists
            models.Index(
                fields=[
                    "questionnaire",
                    "visit",
                    "answered",
                    "refused",
                    "missed",
                    "complaints",
                    "answers",
                    "grades",
                ],
                name="sample_counted",
            )
        ]

    def __str__(self):
        return str(self.visit)


class Callee(models.Model):
    """A customer whose turn came: `place` in the order, from 1, is all that others know."""

    sample = models.ForeignKey(CallbackSample, models.CASCADE, related_name="callees")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="callees")
    place = models.PositiveIntegerField()
    key = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ["sample", "place"]
        verbose_name = _("回访客户")
        verbose_name_plural = _("回访客户")
        constraints = [
            models.UniqueConstraint(fields=["sample", "place"], name="callee_place_once"),
            models.UniqueConstraint(fields=["sample", "customer"], name="callee_once"),
        ]

    def __str__(self):
        return gettext("客户 %(place)02d") % {"place": self.place}

    def get_absolute_url(self) -> str:
        visit = self.sample.visit
        return reverse("callee", args=[visit.campaign.code, visit.pk, self.place])


class CallQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(correction=None)

    def answered(self):
        return self.filter(outcome=CallOutcome.ANSWERED)


class Call(models.Model):
    """One try; append-only. A correction names the row that it stands for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    callee = models.ForeignKey(Callee, models.CASCADE, related_name="calls")
    outcome = models.CharField(_("结果"), max_length=12, choices=CallOutcome)
    remark = models.TextField(_("备注"), blank=True)
    complaint = models.TextField(_("投诉"), blank=True)
    about = models.ForeignKey(
        CallbackQuestion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["called_at", "pk"]
        verbose_name = _("回访记录")
        verbose_name_plural = _("回访记录")
        # whose calls: from a few callees, without the rows
        indexes = [models.Index(fields=["callee", "id"], name="call_of_callee")]

    def __str__(self):
        return self.get_outcome_display()


class CallAnswer(models.Model):
    call = models.ForeignKey(Call, models.CASCADE, related_name="answers")
    question = models.ForeignKey(CallbackQuestion, models.PROTECT, related_name="answers")
    grade = models.PositiveSmallIntegerField(choices=Grade)

    class Meta:
        verbose_name = _("回访答案")
        verbose_name_plural = _("回访答案")
        constraints = [
            models.UniqueConstraint(fields=["call", "question"], name="call_answer_once"),
            models.CheckConstraint(
                condition=models.Q(grade__gte=1, grade__lte=5), name="call_answer_grade"
            ),
        ]

    def __str__(self):
        return self.get_grade_display()
