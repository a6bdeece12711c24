"""What surveys and trainings are tried on."""

from datetime import date, timedelta

from campaign.models import Participation
from inspections.training.needs import ask_needs
from inspections.training.trainings import plan_training
from organization.lists import ListRow
from organization.models import Project
from tests import cast

AT = cast.moment(2011, 10, 20)
DAY = cast.moment(2011, 10, 25, 14)
AFTER = DAY + timedelta(hours=2)


def survey(company, *, by=None, at=AT, **more):
    wanted = {
        "title": "客服专业培训需求",
        "topics": ["接待礼仪", "投诉处理", "收费政策"],
        "closes": date(2011, 10, 22),
    }
    return ask_needs(
        campaign=company.campaign,
        specialty=company.lines["customer_service"],
        by=by or company.lead,
        at=at,
        **(wanted | more),
    )


def topic(survey, text):
    return survey.topics.get(text=text).pk


def planned(**more):
    return {
        "title": "投诉处理实务",
        "topics": "投诉处理\n接待礼仪",
        "starts_at": DAY,
        "place": "总部三楼培训室",
        "trainer": "孙浩",
        "roles": ["project_manager", "department_head", "employee"],
    } | more


def training(company, *, at=AT, projects=None, **more):
    return plan_training(
        campaign=company.campaign,
        specialty=company.lines["customer_service"],
        projects=projects or [company.one, company.two],
        by=company.lead,
        at=at,
        **planned(**more),
    )


def many_projects(company, count=45):
    projects = Project.objects.bulk_create(
        Project(code=f"X{number:03}", name=f"项目{number:03}", region="高新")
        for number in range(count)
    )
    Participation.objects.bulk_create(
        Participation(campaign=company.campaign, project=each) for each in projects
    )


def row(number=2, **values):
    letters = dict(zip(("project", "username", "name", "came"), "ABCD", strict=True))
    cells = {column: f"{letter}{number}" for column, letter in letters.items()}
    filled = dict.fromkeys(letters, "") | values
    return ListRow(values=filled, sheet="Sheet1", cells=cells, number=number)
