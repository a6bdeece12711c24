"""The people and things that tests play with: a small company, one campaign, made directly.

Everything is plain ORM, so that a broken domain function breaks its own tests and not all. What
thousands of tests begin with is written in as few statements as there are tables.
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
SITE_STAFF = {"center", "auditor", "lead", "admin"}
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
    user = User.objects.create(**account(username, name), **fields)
    post(user, role, project=project, specialty=specialty, department=department)
    return user


def account(username, name) -> dict:
    email = f"{username}@example.test"
    return {"username": username, "name": name, "email": email, "password": hashed_password()}


@cache
def hashed_password() -> str:
    """Hashing is slow on purpose; one hash serves the whole cast."""
    return make_password(PASSWORD)


def post(user, role, *, project=None, specialty=None, department="", **days):
    return Post.objects.create(
        user=user, role=role, project=project, specialty=specialty, department=department, **days
    )


def specialties() -> dict[str, Specialty]:
    made = Specialty.objects.bulk_create(
        Specialty(code=code, name_zh_hans=zh, name_en=en, order=order)
        for order, (code, zh, en) in enumerate(SPECIALTIES)
    )
    return {line.code: line for line in made}


def project(code="P01", name="锦澜府", **fields) -> Project:
    return Project.objects.create(code=code, name=name, region="高新", **fields)


def campaign(code="c11", *, started=True, projects=(), at=NOW) -> Campaign:
    begun = at - timedelta(days=63) if started else None
    made = Campaign.objects.create(
        code=code,
        title_zh_hans="物业基础服务管理品质提升专项工作",
        title_en="Property basic-service quality-improvement campaign",
        year=2011,
        created_at=at - timedelta(days=70),
        submitted_at=begun,
        approved_at=begun,
        started_at=begun,
    )
    Phase.objects.bulk_create(
        Phase(
            campaign=made,
            code=phase,
            name_zh_hans=zh,
            name_en=en,
            order=order,
            start=start,
            end=end,
        )
        for order, (phase, zh, en, start, end) in enumerate(PHASES, 1)
    )
    Participation.objects.bulk_create(Participation(campaign=made, project=p) for p in projects)
    Standing.objects.bulk_create(
        Standing(campaign=made, project=each, updated_at=at) for each in projects
    )
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
    parts = Section.objects.bulk_create(
        Section(
            rubric=made,
            code=f"s{n}",
            name_zh_hans=f"第{n + 1}部分",
            name_en=f"Part {n + 1}",
            order=n,
        )
        for n in range(sections)
    )
    written = Item.objects.bulk_create(
        Item(
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
        for n in range(items)
    )
    Requirement.objects.bulk_create(
        Requirement(
            item=item,
            number=k + 1,
            text=f"要求{k + 1}",
            text_zh_hans=f"要求{k + 1}",
            text_en=f"Requirement {k + 1}",
        )
        for item in written
        for k in range(requirements)
    )
    return made


def scoring_rules(campaign, lines: dict[str, Specialty]) -> None:
    """The plan's bands, and the sample weights."""
    Weight.objects.bulk_create(
        Weight(campaign=campaign, specialty=lines[code], percent=percent)
        for code, percent in WEIGHTS.items()
    )
    Band.objects.bulk_create(
        Band(
            campaign=campaign,
            code=code,
            name_zh_hans=zh,
            name_en=en,
            lowest=lowest,
            highest=highest,
        )
        for code, zh, en, lowest, highest in BANDS
    )


def company() -> SimpleNamespace:
    """Two projects, everybody who matters, a started campaign with weights and bands."""
    lines = specialties()
    one, two = Project.objects.bulk_create(
        Project(code=code, name=name, region="高新")
        for code, name in (("P01", "锦澜府"), ("P02", "翠屏苑"))
    )
    held = campaign(projects=[one, two])
    scoring_rules(held, lines)
    return SimpleNamespace(lines=lines, one=one, two=two, campaign=held, **crew(one, two, lines))


def crew(one, two, lines) -> dict[str, User]:
    """The company's people by what they are to tests."""
    people = {
        "president": ("president", "赵明远", Post(role=Role.PRESIDENT)),
        "executive": ("exec", "孙立", Post(role=Role.EXECUTIVE)),
        "center": ("center", "周婷", Post(role=Role.MANAGEMENT_CENTER)),
        "auditor": ("auditor", "何敏", Post(role=Role.MANAGEMENT_CENTER)),
        "lead": (
            "lead-service",
            "孙浩",
            Post(role=Role.SPECIALTY_LEAD, specialty=lines["customer_service"]),
        ),
        "admin": ("admin", "郭磊", Post(role=Role.ADMINISTRATOR)),
        "manager": ("pm01", "陈立群", Post(role=Role.PROJECT_MANAGER, project=one)),
        "head": (
            "head01",
            "刘晓燕",
            Post(role=Role.DEPARTMENT_HEAD, project=one, department="客服部"),
        ),
        "worker": ("emp01", "马超", Post(role=Role.EMPLOYEE, project=one, department="秩序部")),
        "other_manager": ("pm02", "彭海燕", Post(role=Role.PROJECT_MANAGER, project=two)),
    }
    users = User.objects.bulk_create(
        User(**account(username, name), is_staff=called in SITE_STAFF)
        for called, (username, name, _) in people.items()
    )
    posts = [post for _, _, post in people.values()]
    for user, held in zip(users, posts, strict=True):
        held.user = user
    Post.objects.bulk_create(posts)
    return dict(zip(people, users, strict=True))
