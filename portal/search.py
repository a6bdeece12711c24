"""Finding something by its words: projects, obligations, findings and people of a campaign."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.models import Finding
from organization.models import Post, Project, User
from organization.roles import COMPANY_ROLES
from organization.states import State

LONGEST = 100


@dataclass(frozen=True)
class Hit:
    """One thing that was found, and where it is; people have no page but ways to reach them."""

    title: str
    meta: str
    url: str = ""
    state: State | None = None
    mobile: str = ""
    email: str = ""


@dataclass(frozen=True)
class Kind:
    """Things of one kind that match and that the reader may see."""

    code: str
    word: object
    icon: str
    found: QuerySet
    hit: Callable[..., Hit]


def search(text: str, *, campaign: Campaign, reader: User, at: datetime) -> list[Kind]:
    """What holds every one of the words somewhere in its names; nothing was asked yet."""
    words = text[:LONGEST].split()
    kinds = (projects, findings, obligations, people)
    return [make(words, campaign, reader, at) for make in kinds]


def matching(words: list[str], *fields: str) -> Q:
    condition = Q()
    for word in words:
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        condition &= anywhere
    return condition


def projects(words, campaign: Campaign, reader: User, at: datetime) -> Kind:
    found = Project.objects.visible_to(reader).filter(
        matching(words, "code", "name", "region"), participations__campaign=campaign
    )
    return Kind(
        code="projects",
        word=_("项目"),
        icon="building",
        found=found.order_by("code"),
        hit=lambda each: Hit(
            title=each.name,
            meta=" · ".join(part for part in (each.code, each.region) if part),
            url=reverse("project_result", args=[campaign.code, each.code]),
        ),
    )


def findings(words, campaign: Campaign, reader: User, at: datetime) -> Kind:
    fields = ("problem", "measure", "project__name", "project__code", "responsible__name")
    found = Finding.objects.opened().visible_to(reader).filter(campaign=campaign)
    open_first = F("verified_at").desc(nulls_first=True)
    return Kind(
        code="findings",
        word=_("问题"),
        icon="photo-check",
        found=found.filter(matching(words, *fields)).with_all().order_by(open_first, "due", "pk"),
        hit=lambda each: Hit(
            title=str(each),
            meta=" · ".join(
                str(part) for part in (each.project, each.specialty, each.responsible) if part
            ),
            url=each.get_absolute_url(),
            state=each.state(at=at),
        ),
    )


def obligations(words, campaign: Campaign, reader: User, at: datetime) -> Kind:
    fields = (
        "milestone__title_zh_hans",
        "milestone__title_en",
        "project__name",
        "project__code",
        "specialty__name_zh_hans",
        "specialty__name_en",
    )
    found = campaign.obligations.visible_to(reader).filter(matching(words, *fields))
    open_first = F("accepted_at").desc(nulls_first=True)
    return Kind(
        code="obligations",
        word=_("任务"),
        icon="checklist",
        found=found.with_all().order_by(open_first, "due", "pk"),
        hit=lambda each: Hit(
            title=each.milestone.title,
            meta=str(each.subject),
            url=each.get_absolute_url(),
            state=each.state(at=at),
        ),
    )


def people(words, campaign: Campaign, reader: User, at: datetime) -> Kind:
    """Who holds a post in the campaign; project people find their own and the company's."""
    posts = posts_of(campaign, reader)
    fields = ("name", "username", "posts__project__name", "posts__department")
    found = User.objects.filter(matching(words, *fields), is_active=True, posts__in=posts)
    held = Prefetch("posts", posts.select_related("project", "specialty"), to_attr="posts_here")
    return Kind(
        code="people",
        word=_("人员"),
        icon="users",
        found=found.distinct().prefetch_related(held).order_by("name", "pk"),
        hit=lambda each: Hit(
            title=str(each),
            meta=_("，").join(str(post) for post in each.posts_here),
            mobile=each.mobile,
            email=each.email,
        ),
    )


def posts_of(campaign: Campaign, reader: User) -> QuerySet[Post]:
    of_projects = Q(project__participations__campaign=campaign)
    if not reader.sees_company:
        of_projects &= Q(project__in=reader.project_ids)
    return Post.objects.current().filter(of_projects | Q(role__in=COMPANY_ROLES))
