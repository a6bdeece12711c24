"""A specialty's training on its way: planned, changed, cancelled; who came; handed in."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign, Evidence, Obligation
from campaign.telling import BATCH, News, tell_many
from campaign.words import EvidenceKind
from inspections.models import Attendance, Training
from inspections.moves import person, require_running
from inspections.training.needs import tidy_topics
from inspections.training.training_paper import sign_in_paper
from inspections.written_material import (
    document_of,
    hand_in_document,
    in_the_companys_language,
    keys,
)
from organization.clock import local_day
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Post, Project, Specialty, User
from organization.prepared import prepared
from organization.roles import PROJECT_ROLES, Role
from organization.templatetags.ui import moment

MILESTONE = "specialty_training"  # the plan's milestone that a training's sign-in sheet is for
NAME_LENGTH = 60
FIELDS = ("title", "topics", "starts_at", "place", "trainer", "roles")
VERBS = {
    "plan_training": gettext_lazy("安排培训"),
    "change_training": gettext_lazy("修改培训安排"),
    "cancel_training": gettext_lazy("取消培训"),
    "mark_attendance": gettext_lazy("登记到场"),
    "take_attendance": gettext_lazy("导入签到表"),
    "add_guest": gettext_lazy("补登到场人员"),
    "remove_guest": gettext_lazy("撤销补登"),
    "hand_in_attendance": gettext_lazy("签到表交为资料"),
}


def plan_training(
    *,
    campaign: Campaign,
    specialty: Specialty,
    projects: Iterable[Project],
    by,
    at: datetime,
    survey=None,
    **fields,
) -> Training:
    """Plan a training for people of these projects in these roles; they are told.

    `fields` are title, topics (lines), starts_at, place, trainer and roles. Raises Refused when
    the campaign isn't running, or a value is blank or wrong.
    """
    require_running(campaign)
    values, invited = sound(campaign, fields), taking_part(campaign, projects)
    with transaction.atomic():
        training = Training.objects.create(
            campaign=campaign,
            specialty=specialty,
            survey=survey,
            planned_at=at,
            planned_by=person(by),
            **values,
        )
        training.projects.set(invited)
        record(on=training, verb="plan_training", by=by, at=at, after="not_started")
        tell_invited(training, "planned", gettext_lazy("培训通知：%(title)s"), at=at)
    return training


@transaction.atomic
def change_training(
    *, training: Training, projects: Iterable[Project], by, at: datetime, revision=None, **fields
) -> Training:
    """Change what was planned; whoever is invited is told when time or place moved."""
    training = locked(training, revision)
    values, invited = sound(training.campaign, fields), taking_part(training.campaign, projects)
    old = {name: str(getattr(training, name)) for name in FIELDS}
    moved = (training.starts_at, training.place) != (values["starts_at"], values["place"])
    for name, value in values.items():
        setattr(training, name, value)
    training.projects.set(invited)
    changed = {name: was for name, was in old.items() if was != str(getattr(training, name))}
    step(training, "change_training", by=by, at=at, old=changed)
    if moved:
        what = gettext_lazy("培训改期：%(title)s")
        tell_invited(training, f"moved {training.revision}", what, at=at)
    return training


@transaction.atomic
def cancel_training(*, training: Training, reason: str, by, at: datetime, revision=None):
    """Call it off, with a reason; everybody invited is told."""
    training = locked(training, revision)
    if not reason.strip():
        raise Refused(_("请写明取消的理由。"), code="reason", field="reason")
    training.cancelled_at, training.cancel_reason = at, reason.strip()
    step(training, "cancel_training", by=by, at=at, reason=reason.strip())
    tell_invited(training, "cancelled", gettext_lazy("培训取消：%(title)s"), at=at, body=reason)
    return training


def sound(campaign: Campaign, fields: Mapping) -> dict:
    """The values as they are kept; Refused names the field that is wrong."""
    values = {name: fields[name] for name in FIELDS}
    for name in ("title", "place", "trainer"):
        values[name] = " ".join(values[name].split())
        if not values[name]:
            raise Refused(_("这一项不能空着。"), code="blank", field=name)
    values["topics"] = "\n".join(tidy_topics(values["topics"].splitlines()))
    values["roles"] = [role for role in Role.values if role in values["roles"]]
    if not PROJECT_ROLES.issuperset(values["roles"]) or not values["roles"]:
        raise Refused(_("请选择邀请哪些岗位。"), code="roles", field="roles")
    first = campaign.phases.order_by("start").values_list("start", flat=True).first()
    if first and local_day(values["starts_at"]) < first:
        raise Refused(_("培训时间早于专项工作的第一天。"), code="early", field="starts_at")
    return values


def taking_part(campaign: Campaign, projects: Iterable[Project]) -> list[Project]:
    found = list(campaign.projects.filter(pk__in=[each.pk for each in projects]))
    if not found:
        raise Refused(_("请选择邀请哪些项目。"), code="projects", field="projects")
    return found


# --- who came --------------------------------------------------------------------------------


def invited_posts(training: Training):
    """The posts whose holders are invited; by project and name."""
    return posts_invited(training=training.pk, roles=training.roles)


def invited_people(training: Training):
    """The same, each person once: at the first of the posts that are invited."""
    return people_invited(training=training.pk, roles=training.roles)


def posts_invited(*, training, roles: Iterable[str], projects=None) -> QuerySet[Post]:
    """Training and projects by their ids; `projects` leaves some of those that it invites."""
    if projects is None:
        among = Training.projects.through.objects.filter(training__pk=training)
        projects = among.values("project")
    posts = Post.objects.current().of(*roles).filter(user__is_active=True)
    return posts.filter(project__pk__in=projects).order_by(
        "project__code", "user__name", "user__username", "pk"
    )


def people_invited(*, training, roles: Iterable[str], projects=None) -> QuerySet[Post]:
    every = posts_invited(training=training, roles=roles).order_by()
    earlier = every.filter(user=OuterRef("user"), pk__lt=OuterRef("pk"))
    some = posts_invited(training=training, roles=roles, projects=projects)
    return some.filter(~Exists(earlier))


@transaction.atomic
def mark_attendance(*, training: Training, user: User, came: bool, by, at: datetime) -> Attendance:
    """Note that an invited person came, or did not; the same again changes nothing."""
    training = locked_for_attendance(training, at)
    post = invited_people(training).filter(user=user).first()
    if post is None:
        raise Refused(_("%(name)s不在邀请名单里。") % {"name": user}, code="not_invited")
    known = Attendance.objects.filter(training=training, user=user).first()
    if known and known.came == came:
        return known
    made = write_mark(training, user, post.project_id, came, by=by, at=at)
    record(
        on=training, verb="mark_attendance", by=by, at=at, person=str(user),
        came=came,
    )  # fmt: skip
    return made


def write_mark(training, user: User, project: int | None, came: bool, *, by, at) -> Attendance:
    made, _created = Attendance.objects.update_or_create(
        training=training,
        user=user,
        defaults={
            "name": str(user)[:NAME_LENGTH],
            "project_id": project,
            "came": came,
            "marked_at": at,
            "marked_by": person(by),
        },
    )
    return made


@transaction.atomic
def add_guest(
    *, training: Training, name: str, by, at: datetime, project: Project | None = None
) -> Attendance:
    """Somebody came who is not in the system; Refused for a blank or overlong name, or twice."""
    training = locked_for_attendance(training, at)
    name = " ".join(name.split())
    check_guest(training, name, project)
    guest = Attendance.objects.create(
        training=training, name=name, project=project, marked_at=at, marked_by=person(by)
    )
    record(on=training, verb="add_guest", by=by, at=at, person=name)
    return guest


def check_guest(training: Training, name: str, project: Project | None) -> None:
    if not name:
        raise Refused(_("请写姓名。"), code="blank", field="name")
    if len(name) > NAME_LENGTH:
        message = _("姓名最多 %(limit)d 个字。") % {"limit": NAME_LENGTH}
        raise Refused(message, code="long", field="name")
    guests = training.attendances.filter(user=None, name=name, project=project)
    if guests.exists():
        message = _("“%(name)s”已经登记过。") % {"name": name}
        raise Refused(message, code="twice", field="name")


@transaction.atomic
def remove_guest(*, guest: Attendance, by, at: datetime) -> None:
    """Take a name away that was added by mistake; an invited person is marked instead."""
    training = locked_for_attendance(guest.training, at)
    if guest.user_id:
        raise Refused(_("名单里的人请改成“未到”。"), code="invited")
    record(on=training, verb="remove_guest", by=by, at=at, person=guest.name)
    guest.delete()


def hand_in_attendance(*, training: Training, by: User, at: datetime) -> Evidence:
    """Put the sign-in sheet into the specialty's training obligation, as evidence, in place of
    the one that was handed in of this training before.

    Raises Refused when nobody came, there is no such obligation, it was submitted, or this very
    sheet is there already.
    """
    obligation = training_obligation(training)
    if obligation is None:
        raise Refused(_("这次专项工作没有专业培训的任务。"), code="no_obligation")
    if not training.attendances.filter(came=True).exists():
        raise Refused(_("还没有人登记到场。"), code="nobody")
    check_day(training, at)
    with in_the_companys_language():
        sheet = document_of(sign_in_paper(training), training.title[:60].replace("/", "-"))
    with transaction.atomic():
        training = locked(training)
        evidence = hand_in_document(
            of=training,
            verb="hand_in_attendance",
            obligation=obligation,
            document=sheet,
            kind=EvidenceKind.SIGN_IN,
            about=training.day,
            by=by,
            at=at,
        )
        training.handed_in_at = at
        step(training, "hand_in_attendance", by=by, at=at, evidence=keys([evidence]))
    return evidence


def training_obligation(training: Training) -> Obligation | None:
    return next(iter(owed_by(campaign=training.campaign_id, specialty=training.specialty_id)), None)


def of_specialty(*, campaign, specialty) -> QuerySet[Obligation]:
    found = Obligation.objects.filter(campaign=campaign, specialty=specialty)
    return found.filter(milestone__code=MILESTONE).with_all()[:1]


owed_by = prepared(of_specialty, {"campaign": Campaign._meta.pk, "specialty": Specialty._meta.pk})


# --- inside ----------------------------------------------------------------------------------


def locked(training: Training, revision: int | None = None) -> Training:
    """The training as it is now, held until the transaction ends, while it may change."""
    held = Training.objects.select_related("campaign", "specialty")
    now = held.select_for_update(of=("self",)).get(pk=training.pk)
    if revision is not None and revision != now.revision:
        raise Conflict(_("您打开这一页之后，培训安排有了变化。"), theirs=now)
    check_standing(now)
    return now


def check_standing(training: Training) -> None:
    require_running(training.campaign)
    if training.cancelled_at:
        raise Refused(_("这次培训已经取消。"), code="cancelled")


def locked_for_attendance(training: Training, at: datetime) -> Training:
    training = locked(training)
    check_day(training, at)
    return training


def check_day(training: Training, at: datetime) -> None:
    if local_day(at) < training.day:
        message = _("培训在 %(moment)s，到那天才能登记到场。")
        raise Refused(message % {"moment": moment(training.starts_at)}, code="early")


def step(training: Training, verb: str, *, by, at: datetime, reason: str = "", **detail) -> None:
    """Write it with the next revision, and put that on record."""
    before = Training.objects.get(pk=training.pk).state(at=at).code
    training.revision += 1
    training.save()
    after = training.state(at=at).code
    record(
        on=training, verb=verb, by=by, at=at, before=before, after=after, reason=reason, **detail
    )


def tell_invited(training: Training, occurrence: str, title, *, at: datetime, body="") -> None:
    def where():
        return body or _("%(moment)s，%(place)s，讲师%(trainer)s。") % {
            "moment": moment(training.starts_at),
            "place": training.place,
            "trainer": training.trainer,
        }

    # who they are first: nested in the other query, PostgreSQL took a minute for it unanalysed
    invited = set(invited_posts(training).order_by().values_list("user_id", flat=True))
    people = User.objects.filter(pk__in=invited)
    news = News(
        people=people.iterator(BATCH),
        campaign=training.campaign,
        thing=f"training:{training.pk}",
        occurrence=occurrence,
        title=lambda: title % {"title": training.title},
        body=where,
        url=training.get_absolute_url(),
    )
    tell_many([news], at=at)
