"""A new campaign from the plan's template, and the projects that take part in it."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign, Milestone, Participation, Phase
from campaign.owing import make_obligations
from campaign.registry import ON_PROJECTS_ENTERED, TEMPLATE_PARTS
from campaign.seals import begin, seal
from organization.errors import Refused
from organization.history import record
from organization.models import Project, Specialty, User
from organization.shipped import shipped

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


def read_plan() -> dict:
    """The company's plan as data (fixtures/plan.yaml)."""
    return shipped("plan.yaml")


@transaction.atomic
def create_campaign(
    *, code: str, by, at: datetime, year: int | None = None, shift_days: int | None = None
) -> Campaign:
    """A draft of the plan with phases, milestones and whatever upper apps take from it.

    Its dates are the plan's own in another `year` (same month and day), or all of them moved by
    `shift_days`; without either they stay as they are. Specialties of the plan that the company
    does not have yet are made. Raises Refused for a code that is taken or no code at all, and
    for a year outside 2000 to 2100.
    """
    plan = read_plan()
    move = mover(plan["plan"]["year"], year, shift_days)
    check_code(code)
    first_day = move(plan["phases"][0]["start"])
    check_year(first_day.year)
    make_specialties(plan)
    campaign = store_new(
        Campaign(
            code=code,
            title_zh_hans=plan["plan"]["title_zh"],
            title_en=plan["plan"]["title_en"],
            year=first_day.year,
            created_by=by if isinstance(by, User) else None,
            created_at=at,
        )
    )
    make_phases(campaign, plan, move)
    make_milestones(campaign, plan, move)
    record(on=campaign, verb="create_campaign", by=by, at=at, after=campaign.state().code)
    for part in TEMPLATE_PARTS:
        part(campaign, plan, at)
    begin(campaign, at=at)
    return campaign


def mover(plan_year: int, year: int | None, shift_days: int | None) -> Callable[[date], date]:
    """How a date of the plan becomes a date of the campaign."""
    if year is not None:
        check_year(year)
        return lambda day: day.replace(year=day.year + year - plan_year)
    return lambda day: day + timedelta(days=shift_days or 0)


def check_year(year: int) -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Refused(
            _("年度要在 %(from)d 和 %(to)d 之间。") % {"from": EARLIEST_YEAR, "to": LATEST_YEAR},
            code="year",
            field="year",
        )


def check_code(code: str) -> None:
    try:
        validate_slug(code)
    except ValidationError:
        raise Refused(
            _("编码只能用字母、数字、连字符和下划线。"), code="code", field="code"
        ) from None
    if len(code) > Campaign._meta.get_field("code").max_length:
        raise Refused(_("编码太长，最多 40 个字符。"), code="code", field="code")
    if Campaign.objects.filter(code=code).exists():
        raise taken(code)


def taken(code: str) -> Refused:
    words = _("编码 %(code)s 已被使用。") % {"code": code}
    return Refused(words, code="code_taken", field="code")


def store_new(campaign: Campaign) -> Campaign:
    """Keep it; of two people who take the same code at once, the second is refused."""
    try:
        with transaction.atomic():
            campaign.save(force_insert=True)
    except IntegrityError:
        raise taken(campaign.code) from None
    return campaign


def make_specialties(plan: dict) -> None:
    for order, line in enumerate(plan["specialties"]):
        names = {"name_zh_hans": line["zh"], "name_en": line["en"]}
        Specialty.objects.get_or_create(
            code=line["code"],
            defaults=names | {"order": order, "is_sample": line.get("sample", False)},
        )


def make_phases(campaign: Campaign, plan: dict, move) -> None:
    Phase.objects.bulk_create(
        Phase(
            campaign=campaign,
            code=line["code"],
            name_zh_hans=line["zh"],
            name_en=line["en"],
            order=line["order"],
            start=move(line["start"]),
            end=move(line["end"]),
        )
        for line in plan["phases"]
    )


def make_milestones(campaign: Campaign, plan: dict, move) -> None:
    phases = {phase.code: phase for phase in campaign.phases.all()}
    Milestone.objects.bulk_create(
        Milestone(
            campaign=campaign,
            phase=phases[line["phase"]],
            code=line["code"],
            title_zh_hans=line["zh"],
            title_en=line["en"],
            due=move(line["due"]),
            scope=line["scope"],
            owner=line["owner"],
            approver=line.get("approver", ""),
            evidence=line["evidence"],
            order=order,
        )
        for order, line in enumerate(plan["milestones"])
    )


@transaction.atomic
def enter_projects(
    *, campaign: Campaign, projects: Iterable[Project], by, at: datetime
) -> list[Project]:
    """Let projects take part; those that already do stay as they are. Returns the new ones.

    In a campaign that has started they owe its milestones at once, past ones too. Possible on
    any day (ruling 16); raises Refused after the campaign was closed.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.closed_at:
        raise Refused(_("专项工作已经结束，不能再加入项目。"), code="closed")
    taking_part = set(campaign.participations.values_list("project_id", flat=True))
    new = [project for project in projects if project.pk not in taking_part]
    if not new:
        return []
    Participation.objects.bulk_create(
        Participation(campaign=campaign, project=project) for project in new
    )
    if campaign.started_at:
        make_obligations(campaign, projects=new)
    for follow in ON_PROJECTS_ENTERED:
        follow(campaign, new, at)
    codes = [project.code for project in new]
    record(on=campaign, verb="enter_projects", by=by, at=at, projects=codes)
    seal(campaign, "participants", at=at)
    return new
