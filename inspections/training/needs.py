"""What projects need is asked before anybody trains them: a short survey, answered once each."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from campaign.telling import News, tell_each
from inspections.models import NeededTopic, NeedsAnswer, NeedsSurvey, SurveyTopic
from inspections.moves import person, require_part, require_running
from organization.clock import local_day
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Post, Project, Specialty, User
from organization.prepared import prepared
from organization.roles import PROJECT_LEADERS
from organization.templatetags.ui import day

TOPICS_LIMIT = 20
TOPIC_LENGTH = 120
VERBS = {
    "ask_needs": gettext_lazy("发起培训需求调查"),
    "move_closing": gettext_lazy("修改截止日期"),
    "answer_needs": gettext_lazy("填写培训需求"),
    "remind_needs": gettext_lazy("提醒填写"),
}


@transaction.atomic
def ask_needs(
    *,
    campaign: Campaign,
    specialty: Specialty,
    title: str,
    topics: Sequence[str],
    closes: date,
    by,
    at: datetime,
    ranked: bool = False,
    about: str = "",
) -> NeedsSurvey:
    """Ask every project that has the specialty; its leaders are told.

    Raises Refused when the campaign isn't running, nothing is asked, a topic stands there twice,
    there are too many or too long ones, or the closing day has passed.
    """
    require_running(campaign)
    wanted = tidy_topics(topics)
    if not title.strip():
        raise Refused(_("请写标题。"), code="blank", field="title")
    check_closing(closes, at)
    survey = NeedsSurvey.objects.create(
        campaign=campaign,
        specialty=specialty,
        title=title.strip(),
        about=about.strip(),
        ranked=ranked,
        closes=closes,
        asked_at=at,
        asked_by=person(by),
    )
    SurveyTopic.objects.bulk_create(
        SurveyTopic(survey=survey, text=text, order=order) for order, text in enumerate(wanted)
    )
    record(on=survey, verb="ask_needs", by=by, at=at, after="in_progress", topics=wanted)
    tell_unanswered(survey, "asked", at=at)
    return survey


def tidy_topics(topics: Sequence[str]) -> list[str]:
    wanted = [" ".join(text.split()) for text in topics if text.strip()]
    if not wanted:
        raise Refused(_("请至少写一项培训内容，一行一项。"), code="topics", field="topics")
    if len(wanted) > TOPICS_LIMIT:
        message = _("最多 %(limit)d 项，请合并。") % {"limit": TOPICS_LIMIT}
        raise Refused(message, code="topics", field="topics")
    for text in wanted:
        if wanted.count(text) > 1:
            message = _("“%(text)s”写了两次。") % {"text": text}
            raise Refused(message, code="topics", field="topics")
        if len(text) > TOPIC_LENGTH:
            message = _("“%(text)s…”太长，请缩短到 %(limit)d 字以内。")
            words = {"text": text[:20], "limit": TOPIC_LENGTH}
            raise Refused(message % words, code="topics", field="topics")
    return wanted


def check_closing(closes: date, at: datetime) -> None:
    if closes < local_day(at):
        raise Refused(_("截止日期已经过了。"), code="closes", field="closes")


@transaction.atomic
def move_closing(
    *, survey: NeedsSurvey, closes: date, by, at: datetime, revision: int | None = None
) -> NeedsSurvey:
    """Another closing day, also for one that was closed; Conflict for a stale page."""
    survey = locked(survey, revision)
    check_closing(closes, at)
    old, survey.closes = survey.closes, closes
    survey.revision += 1
    survey.save()
    record(on=survey, verb="move_closing", by=by, at=at, old=str(old), new=str(closes))
    return survey


@transaction.atomic
def answer_needs(
    *,
    survey: NeedsSurvey,
    project: Project,
    topics: Sequence[int],
    by,
    at: datetime,
    line: str = "",
    revision: int | None = None,
) -> NeedsAnswer:
    """A project's answer, or its change until the survey closes; the order is the rank.

    `topics` are ids of the survey's topics, most needed first. Raises Refused after closing,
    for a project that is not asked, and when nothing is said; Conflict when somebody else of
    the project answered meanwhile.
    """
    survey = locked(survey)
    check_asked(survey, project, at)
    known = set(survey.topics.values_list("pk", flat=True))
    chosen = [pk for pk in dict.fromkeys(topics) if pk in known]
    if not chosen and not line.strip():
        raise Refused(_("请至少选一项，或写下需要什么。"), code="blank", field="topics")
    answer = NeedsAnswer.objects.filter(survey=survey, project=project).first()
    check_fresh(answer, revision)
    answer = answer or NeedsAnswer(survey=survey, project=project)
    before = "submitted" if answer.pk else ""
    answer.line, answer.answered_at, answer.answered_by = line.strip(), at, person(by)
    answer.revision += 1
    answer.save()
    answer.needed.all().delete()
    NeededTopic.objects.bulk_create(
        NeededTopic(answer=answer, topic_id=pk, rank=rank if survey.ranked else None)
        for rank, pk in enumerate(chosen, 1)
    )
    record(
        on=survey, verb="answer_needs", by=by, at=at, before=before, after="submitted",
        project=project.code,
    )  # fmt: skip
    return answer


def check_asked(survey: NeedsSurvey, project: Project, at: datetime) -> None:
    require_part(survey.campaign, project)
    if not survey.is_open(at=at):
        message = _("调查在%(day)s截止，不能再填。") % {"day": day(survey.closes)}
        raise Refused(message, code="closed")
    if not survey.projects.filter(pk=project.pk).exists():
        message = _("%(project)s不涉及%(specialty)s，不用填。")
        words = {"project": project, "specialty": survey.specialty}
        raise Refused(message % words, code="not_asked")


def check_fresh(answer: NeedsAnswer | None, revision: int | None) -> None:
    """Two of a project answer at once: the second one sees what the first one said."""
    if revision is not None and revision != (answer.revision if answer else 0):
        raise Conflict(_("您打开这一页之后，项目里有人填过了。"), theirs=answer)


def locked(survey: NeedsSurvey, revision: int | None = None) -> NeedsSurvey:
    """The survey as it is now, held until the transaction ends, in a campaign that runs."""
    held = NeedsSurvey.objects.select_related("campaign", "specialty")
    now = held.select_for_update(of=("self",)).get(pk=survey.pk)
    if revision is not None and revision != now.revision:
        raise Conflict(_("您打开这一页之后，这项调查有了变化。"), theirs=now)
    require_running(now.campaign)
    return now


# --- what came of it -------------------------------------------------------------------------


def unanswered(survey: NeedsSurvey):
    """The projects that are asked and have not answered."""
    return survey.projects.exclude(pk__in=survey.answers.order_by().values("project"))


def topic_counts(survey: NeedsSurvey) -> list[SurveyTopic]:
    """Topics, the most needed first, with `count` projects and, ranked, `first` of them."""
    counted = topics_of(survey=survey.pk)
    return sorted(counted, key=lambda topic: (-topic.count, topic.order))


def with_counts(*, survey) -> QuerySet[SurveyTopic]:
    needed = NeededTopic.objects.filter(topic=OuterRef("pk")).order_by().values("topic")
    count = Coalesce(Subquery(needed.annotate(n=Count("*")).values("n")), 0)
    return SurveyTopic.objects.filter(survey=survey).annotate(count=count)


topics_of = prepared(with_counts, {"survey": NeedsSurvey._meta.pk})


@transaction.atomic
def remind_needs(*, survey: NeedsSurvey, by, at: datetime) -> int:
    """Tell the leaders of who has not answered, once a day; returns how many people were told."""
    survey = locked(survey)
    if not survey.is_open(at=at):
        raise Refused(_("调查已经截止。"), code="closed")
    told = tell_unanswered(survey, f"reminded {local_day(at)}", at=at)
    if not told:
        raise Refused(_("没有要提醒的人，或今天已经提醒过。"), code="already")
    survey.reminded_at = at
    survey.save(update_fields=["reminded_at"])
    record(on=survey, verb="remind_needs", by=by, at=at, people=told)
    return told


def tell_unanswered(survey: NeedsSurvey, occurrence: str, *, at: datetime) -> int:
    leaders = leaders_of(unanswered(survey))
    people = User.objects.filter(pk__in={pk for pks in leaders.values() for pk in pks})
    news = News(
        people=list(people),
        campaign=survey.campaign,
        thing=f"needs:{survey.pk}",
        occurrence=occurrence,
        title=lambda: _("请填写培训需求：%(title)s") % {"title": survey.title},
        body=lambda: _("%(day)s截止。") % {"day": day(survey.closes)},
        url=survey.get_absolute_url(),
    )
    return len(tell_each([news], at=at))


def leaders_of(projects) -> dict[int, list[int]]:
    """Ids of the people who answer for each of these projects."""
    posts = Post.objects.current().of(*PROJECT_LEADERS).filter(user__is_active=True)
    found: dict[int, list[int]] = {}
    for project, user in posts.filter(project__in=projects).values_list("project_id", "user_id"):
        found.setdefault(project, []).append(user)
    return found
