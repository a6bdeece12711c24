"""The people and things that tests play with: a small company, one campaign, made directly.

Everything is plain ORM, so that a broken domain function breaks its own tests and not all.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from campaign.models import Campaign, Milestone, Obligation, Participation, Phase
from campaign.words import Scope
from organization.models import Post, Project, Specialty, User
from organization.roles import Role
from scoring.models import Band, Item, Requirement, Rubric, Section, Standing, Weight

PASSWORD = "pinzhi-demo"
SPECIALTIES = (
    ("customer_service", "客户服务", "Customer service"),
    ("facilities", "设施设备", "Facilities and equipment"),
    ("order", "秩序维护", "Order and security"),
    ("environment", "环境维护", "Environment"),
)
WEIGHTS = {"customer_service": 25, "facilities": 30, "order": 25, "environment": 20}
BANDS = (
    ("fail", "不及格", "Fail", 0, 79),
    ("good", "良好", "Good", 80, 90),
    ("excellent", "优秀", "Excellent", 91, 100),
)
PHASES = (
    ("mobilize", "动员宣讲", "Mobilisation", date(2011, 9, 25), date(2011, 10, 15)),
    ("self_check", "自查自纠", "Self-check", date(2011, 10, 16), date(2011, 10, 30)),
    ("rectify", "整改预防", "Rectification", date(2011, 11, 1), date(2011, 11, 25)),
    ("inspect", "检查验收", "Inspection", date(2011, 11, 26), date(2011, 11, 28)),
    ("summary", "专项总结", "Summary", date(2011, 12, 29), date(2011, 12, 31)),
)


def moment(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in the company's zone."""
    return timezone.make_aware(datetime(year, month, day, hour, minute))


NOW = moment(2011, 11, 27, 10)


def person(username, name, role, *, project=None, specialty=None, department="", **fields):
    user = User.objects.create(
        username=username,
        name=name,
        email=f"{username}@example.test",
        password=hashed_password(),
        **fields,
    )
    post(user, role, project=project, specialty=specialty, department=department)
    return user


@cache
def hashed_password() -> str:
    """Hashing is slow on purpose; one hash serves the whole cast."""
    return make_password(PASSWORD)


def post(user, role, *, project=None, specialty=None, department=""):
    return Post.objects.create(
        user=user, role=role, project=project, specialty=specialty, department=department
    )


def specialties() -> dict[str, Specialty]:
    return {
        code: Specialty.objects.create(code=code, name_zh_hans=zh, name_en=en, order=order)
        for order, (code, zh, en) in enumerate(SPECIALTIES)
    }


def project(code="P01", name="锦澜府", **fields) -> Project:
    return Project.objects.create(code=code, name=name, region="高新", **fields)


def campaign(code="c11", *, started=True, projects=(), at=NOW) -> Campaign:
    made = Campaign.objects.create(
        code=code,
        title_zh_hans="物业基础服务管理品质提升专项工作",
        title_en="Property basic-service quality-improvement campaign",
        year=2011,
        created_at=at - timedelta(days=70),
    )
    if started:
        made.submitted_at = made.approved_at = made.started_at = at - timedelta(days=63)
        made.save()
    for order, (phase, zh, en, start, end) in enumerate(PHASES, 1):
        Phase.objects.create(
            campaign=made,
            code=phase,
            name_zh_hans=zh,
            name_en=en,
            order=order,
            start=start,
            end=end,
        )
    for each in projects:
        Participation.objects.create(campaign=made, project=each)
        Standing.objects.create(campaign=made, project=each, updated_at=at)
    return made


def milestone(
    campaign,
    code="project_kickoff",
    *,
    scope=Scope.PROJECT,
    due=date(2011, 10, 10),
    evidence=("minutes", "sign_in", "notes"),
    phase="mobilize",
    owner=Role.PROJECT_MANAGER,
    approver="",
) -> Milestone:
    return Milestone.objects.create(
        campaign=campaign,
        phase=campaign.phases.get(code=phase),
        code=code,
        title_zh_hans="各项目召开动员会，正式启动",
        title_en="Each project holds its kick-off meeting",
        due=due,
        scope=scope,
        owner=owner,
        approver=approver,
        evidence=list(evidence),
    )


def obligation(milestone, *, project=None, specialty=None) -> Obligation:
    return Obligation.objects.create(
        campaign=milestone.campaign,
        milestone=milestone,
        project=project,
        specialty=specialty,
        due=milestone.due,
    )


def rubric(
    campaign,
    specialty,
    *,
    published=True,
    sections=1,
    items=4,
    requirements=4,
    low="0.5",
    high="2",
    at=NOW,
) -> Rubric:
    """A rubric of `items` items with equal points up to 100, in `sections` sections."""
    made = Rubric.objects.create(
        campaign=campaign,
        specialty=specialty,
        name_zh_hans=f"{specialty.name}督导评分细则",
        name_en=f"{specialty.code} rubric",
        created_at=at,
        published_at=at if published else None,
    )
    parts = [
        Section.objects.create(
            rubric=made,
            code=f"s{n}",
            name_zh_hans=f"第{n + 1}部分",
            name_en=f"Part {n + 1}",
            order=n,
        )
        for n in range(sections)
    ]
    for n in range(items):
        item = Item.objects.create(
            rubric=made,
            section=parts[n * sections // items],
            code=f"I{n + 1:02}",
            name_zh_hans=f"项目{n + 1}",
            name_en=f"Item {n + 1}",
            order=n,
            points=Decimal(100) / items,
            deduct_min=Decimal(low),
            deduct_max=Decimal(high),
        )
        Requirement.objects.bulk_create(
            Requirement(
                item=item,
                number=k + 1,
                text=f"要求{k + 1}",
                text_zh_hans=f"要求{k + 1}",
                text_en=f"Requirement {k + 1}",
            )
            for k in range(requirements)
        )
    return made


def scoring_rules(campaign, lines: dict[str, Specialty]) -> None:
    """The plan's bands, and the sample weights."""
    for code, percent in WEIGHTS.items():
        Weight.objects.create(campaign=campaign, specialty=lines[code], percent=percent)
    for code, zh, en, lowest, highest in BANDS:
        Band.objects.create(
            campaign=campaign,
            code=code,
            name_zh_hans=zh,
            name_en=en,
            lowest=lowest,
            highest=highest,
        )


def company() -> SimpleNamespace:
    """Two projects, everybody who matters, a started campaign with weights and bands."""
    lines = specialties()
    one, two = project("P01", "锦澜府"), project("P02", "翠屏苑")
    held = campaign(projects=[one, two])
    scoring_rules(held, lines)
    return SimpleNamespace(
        lines=lines,
        one=one,
        two=two,
        campaign=held,
        president=person("president", "赵明远", Role.PRESIDENT),
        executive=person("exec", "孙立", Role.EXECUTIVE),
        center=person("center", "周婷", Role.MANAGEMENT_CENTER, is_staff=True),
        auditor=person("auditor", "何敏", Role.MANAGEMENT_CENTER, is_staff=True),
        lead=person(
            "lead-service",
            "孙浩",
            Role.SPECIALTY_LEAD,
            specialty=lines["customer_service"],
            is_staff=True,
        ),
        admin=person("admin", "郭磊", Role.ADMINISTRATOR, is_staff=True),
        manager=person("pm01", "陈立群", Role.PROJECT_MANAGER, project=one),
        head=person("head01", "刘晓燕", Role.DEPARTMENT_HEAD, project=one, department="客服部"),
        worker=person("emp01", "马超", Role.EMPLOYEE, project=one, department="秩序部"),
        other_manager=person("pm02", "彭海燕", Role.PROJECT_MANAGER, project=two),
    )
