"""What projects need to learn, and the training that a specialty gives them."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, Participation
from organization import states
from organization.clock import local_day, start_of
from organization.models import Project, Specialty, User


def projects_having(campaign: Campaign, specialty: Specialty) -> models.QuerySet[Project]:
    """The participating projects that have the specialty (ruling 5)."""
    part = campaign.participations.exclude(lacks=specialty)
    return Project.objects.filter(pk__in=part.order_by().values("project"))


class NeedsSurveyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Company roles see all; project people those in which one of their projects is asked."""
        if user.sees_company:
            return self
        return self.filter(pk__in=self.asking(user.project_ids).order_by().values("pk"))

    def open(self, *, at: datetime):
        return self.filter(closes__gte=local_day(at))

    def asking(self, projects):
        """Once for each of these projects that is asked: it takes part and has the specialty.

        `project` is its id.
        """
        pairs = self.annotate(
            part=F("campaign__participations"), project=F("campaign__participations__project")
        )
        lacking = Participation.objects.filter(pk=OuterRef("part"), lacks=OuterRef("specialty"))
        return pairs.filter(~Exists(lacking), project__in=projects)

    def owed_by(self, projects):
        """The same, where the project has not answered yet."""
        answers = NeedsAnswer.objects.filter(survey=OuterRef("pk"), project=OuterRef("project"))
        return self.asking(projects).filter(~Exists(answers))


class NeedsSurvey(models.Model):
    """What a specialty asks the projects before it trains them: topics, and an open line."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="surveys")
    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="surveys")
    title = models.CharField(_("标题"), max_length=120)
    about = models.TextField(_("说明"), blank=True)
    ranked = models.BooleanField(_("按需要程度排序"), default=False)
    closes = models.DateField(_("截止日期"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = NeedsSurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("培训需求调查")
        verbose_name_plural = _("培训需求调查")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("needs", args=[self.campaign.code, self.pk])

    def is_open(self, *, at: datetime) -> bool:
        """The closing day counts in full (ruling 11)."""
        return local_day(at) <= self.closes

    def state(self, *, at: datetime) -> states.State:
        return states.IN_PROGRESS if self.is_open(at=at) else states.CLOSED

    @property
    def projects(self):
        """Who is asked."""
        return projects_having(self.campaign, self.specialty)

    @property
    def asked(self) -> models.QuerySet[Participation]:
        """The same by their participations, which are counted without the projects."""
        return self.campaign.participations.exclude(lacks=self.specialty).order_by()


class SurveyTopic(models.Model):
    survey = models.ForeignKey(NeedsSurvey, models.CASCADE, related_name="topics")
    text = models.CharField(_("内容"), max_length=120)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["survey", "order"]
        verbose_name = _("培训内容")
        verbose_name_plural = _("培训内容")
        constraints = [models.UniqueConstraint(fields=["survey", "text"], name="survey_topic_once")]

    def __str__(self):
        return self.text


class NeedsAnswer(models.Model):
    """One project's answer; it may change until the survey closes."""

    survey = models.ForeignKey(NeedsSurvey, models.CASCADE, related_name="answers")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    line = models.TextField(_("还需要什么"), blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["project__code"]
        verbose_name = _("培训需求")
        verbose_name_plural = _("培训需求")
        constraints = [
            models.UniqueConstraint(fields=["survey", "project"], name="needs_answered_once")
        ]
        indexes = [
            # how many said something in their own words
            models.Index(fields=["survey"], condition=~Q(line=""), name="needs_told"),
        ]

    def __str__(self):
        return f"{self.survey} · {self.project}"


class NeededTopic(models.Model):
    """A topic that a project ticked; `rank` 1 is needed most, where the survey ranks."""

    answer = models.ForeignKey(NeedsAnswer, models.CASCADE, related_name="needed")
    topic = models.ForeignKey(SurveyTopic, models.CASCADE, related_name="needed")
    rank = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["answer", "rank", "topic__order"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "topic"], name="topic_needed_once")
        ]

    def __str__(self):
        return str(self.topic)


class TrainingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Company roles see all; project people those that their project is invited to."""
        if user.sees_company:
            return self
        return self.filter(projects__in=user.project_ids).distinct()

    def on_record(self):
        return self.filter(cancelled_at=None)

    def coming(self, *, at: datetime):
        """Today's too, also when it has begun."""
        return self.filter(starts_at__gte=start_of(local_day(at)))

    def unmarked(self, user):
        """Those for which nobody noted yet whether this person came."""
        return self.exclude(pk__in=Attendance.objects.filter(user=user).values("training"))

    def inviting(self, projects):
        """Once for each of these projects that is invited; `project` is its id."""
        return self.annotate(project=F("projects")).filter(project__in=projects)


class Training(models.Model):
    """A specialty's training: what, when, where, by whom, for whom."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="trainings")
    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="trainings")
    survey = models.ForeignKey(
        NeedsSurvey, models.SET_NULL, null=True, blank=True, related_name="trainings"
    )
    title = models.CharField(_("主题"), max_length=120)
    topics = models.TextField(_("培训内容"), help_text="one a line")
    starts_at = models.DateTimeField(_("时间"))
    place = models.CharField(_("地点"), max_length=120)
    trainer = models.CharField(_("讲师"), max_length=60)
    projects = models.ManyToManyField(Project, related_name="trainings", verbose_name=_("项目"))
    roles = models.JSONField(_("岗位"), default=list)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.TextField(blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("培训")
        verbose_name_plural = _("培训")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("training", args=[self.campaign.code, self.pk])

    def state(self, *, at: datetime) -> states.State:
        if self.cancelled_at:
            return states.CANCELLED
        if at < self.starts_at:
            return states.NOT_STARTED
        return states.IN_PROGRESS if local_day(at) == self.day else states.CLOSED

    @property
    def day(self):
        return local_day(self.starts_at)

    @property
    def topic_lines(self) -> list[str]:
        return self.topics.splitlines()


class Attendance(models.Model):
    """Whether a person came; somebody who is not in the system has a name and no account."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="attendances")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("项目")
    )
    came = models.BooleanField(_("到场"), default=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["project__code", "name"]
        verbose_name = _("签到")
        verbose_name_plural = _("签到")
        constraints = [
            models.UniqueConstraint(
                fields=["training", "user"],
                condition=Q(user__isnull=False),
                name="attendance_once",
            )
        ]
        indexes = [
            # how many came is counted from this alone
            models.Index(fields=["training"], condition=Q(came=True), name="attendance_came")
        ]

    def __str__(self):
        return self.name
