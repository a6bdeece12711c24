"""The question bank: each specialty's questions, kept once they were asked."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from inspections.exam.words import FALSE, LETTERS, TRUE, QuestionKind
from organization import states
from organization.models import Specialty, User

IN_USE = states.State("in_use", _("在用"), "circle-check", "ok")
RETIRED = states.State("retired", _("已停用"), "ban")


class QuestionQuerySet(models.QuerySet):
    def active(self):
        return self.filter(retired_at__isnull=True)

    def retired(self):
        return self.filter(retired_at__isnull=False)

    def with_use(self):
        """Adds `is_used`: it stands on somebody's paper, so it stays as it is."""
        asked = Question.objects.filter(pk=OuterRef("pk"), answers__isnull=False)
        return self.annotate(is_used=Exists(asked))

    def by_topic(self) -> dict[str, int]:
        """How many active questions each topic has."""
        counted = self.active().order_by("topic").values_list("topic").annotate(Count("pk"))
        return dict(counted)


class Question(models.Model):
    """One question; `answer` are the letters of its right options, of a truth question A or B.

    Once it was asked its words and its answer never change: a new one takes its place.
    """

    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="questions")
    kind = models.CharField(_("题型"), max_length=10, choices=QuestionKind)
    text = models.TextField(_("题干"))
    options = models.JSONField(_("选项"), default=list, blank=True)
    answer = models.CharField(_("答案"), max_length=8)
    points = models.DecimalField(_("分值"), max_digits=5, decimal_places=2)
    topic = models.CharField(_("知识点"), max_length=60, blank=True)
    explanation = models.TextField(_("解析"), blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["specialty", "topic", "pk"]
        verbose_name = _("题目")
        verbose_name_plural = _("题目")
        indexes = [
            models.Index(
                fields=["specialty", "topic"],
                condition=Q(retired_at__isnull=True),
                name="question_active",
            )
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Letter and words of each option; a truth question's in the reader's language."""
        if self.kind == QuestionKind.TRUTH:
            return [(TRUE, _now("对")), (FALSE, _now("错"))]
        return list(zip(LETTERS, self.options, strict=False))

    @property
    def right(self) -> str:
        """The right answer as people write it."""
        if self.kind == QuestionKind.TRUTH:
            return dict(self.choices)[self.answer]
        return self.answer

    def state(self, *, at=None) -> states.State:
        return RETIRED if self.retired_at else IN_USE
