"""Who owes what: obligations as they come into being, and the people behind them."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from campaign.models import Campaign, Obligation
from campaign.owed import holders, holding_post, ids_in, owed_rows, thing_named
from campaign.registry import DueSource, Line, page_of
from campaign.words import Scope
from organization.models import Post, Project, Specialty, User
from organization.prepared import prepared
from organization.roles import PROJECT_LEADERS, Role

FEW = 30  # things that are named for one page


def make_obligations(
    campaign: Campaign,
    *,
    projects: Iterable[Project],
    specialties: Iterable[Specialty] = (),
    company: bool = False,
) -> None:
    """What each of these owes from the campaign's milestones; they owe nothing of it yet."""
    subjects = {
        Scope.PROJECT: [{"project": project} for project in projects],
        Scope.SPECIALTY: [{"specialty": specialty} for specialty in specialties],
        Scope.COMPANY: [{}] if company else [],
    }
    Obligation.objects.bulk_create(
        (
            Obligation(campaign=campaign, milestone=milestone, due=milestone.due, **subject)
            for milestone in campaign.milestones.all()
            for subject in subjects[milestone.scope]
        ),
        batch_size=1000,
    )


def people_owing(obligation: Obligation) -> QuerySet[User]:
    """Whose posts make this obligation theirs to do."""
    posts = Post.objects.current()
    if obligation.project_id:
        posts = posts.of(*PROJECT_LEADERS).filter(project=obligation.project_id)
    elif obligation.specialty_id:
        posts = posts.of(Role.SPECIALTY_LEAD).filter(specialty=obligation.specialty_id)
    else:
        posts = posts.of(Role.MANAGEMENT_CENTER)
    return User.objects.filter(is_active=True, posts__in=posts).distinct()


def owners_of(obligations: Iterable[Obligation]) -> dict[int, list[int]]:
    """The same for many at once: ids of users by the obligation's id, in one query."""
    by_place: dict[tuple, list[int]] = {}
    posts = Post.objects.current().filter(user__is_active=True)
    owing = posts.of(*PROJECT_LEADERS, Role.SPECIALTY_LEAD, Role.MANAGEMENT_CENTER)
    for role, project, specialty, user in owing.values_list(
        "role", "project_id", "specialty_id", "user_id"
    ):
        place = place_of(role, project, specialty)
        if place:
            by_place.setdefault(place, []).append(user)
    return {each.pk: by_place.get((each.project_id, each.specialty_id), []) for each in obligations}


def place_of(role: str, project: int | None, specialty: int | None) -> tuple | None:
    """The (project, specialty) that a post answers for; the company is (None, None)."""
    if role in PROJECT_LEADERS:
        return (project, None) if project else None
    if role == Role.SPECIALTY_LEAD:
        return (None, specialty) if specialty else None
    return (None, None)


def owed_obligations(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """Open obligations and who has to act, as `people_owing` has it (registry.DUE_SOURCES)."""
    open_ones = campaign.obligations.open()
    thing = thing_named("obligation", "pk")
    leaders = holding_post("project__posts", *PROJECT_LEADERS)
    yield owed_rows(
        open_ones.filter(**leaders),
        thing=thing,
        due="due",
        person="project__posts__user",
        project="project",
    )
    leads = holding_post("specialty__post", Role.SPECIALTY_LEAD)
    lines = open_ones.filter(project=None, specialty__isnull=False, **leads)
    yield owed_rows(lines, thing=thing, due="due", person="specialty__post__user")
    companys = open_ones.filter(project=None, specialty=None)
    for person in holders(Role.MANAGEMENT_CENTER):
        yield owed_rows(companys, thing=thing, due="due", person=person)


def named_obligations(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    ids = [int(key) for (key,) in ids_in(things).values()]
    if len(ids) <= FEW:
        found = on_a_page(campaign=campaign.pk, ids=ids)
        for each in found:
            each.campaign = campaign
    else:  # few milestones have many obligations: they are fetched once, and not with each
        found = campaign.obligations.filter(pk__in=ids)
        found = found.prefetch_related("milestone", "project", "specialty")
    return {each.thing: Line(str(each), page_of(each)) for each in found}


def with_names(*, campaign, ids):
    found = Obligation.objects.filter(campaign__pk=campaign, pk__in=ids)
    return found.select_related("milestone", "project", "specialty").order_by()


on_a_page = prepared(with_names, {"campaign": Campaign._meta.pk, "ids": Obligation._meta.pk})


OBLIGATIONS = DueSource("obligation", owed_obligations, named_obligations)
