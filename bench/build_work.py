"""What the campaign's own work leaves behind, in bulk: findings, self-checks, a case, lessons."""

from datetime import timedelta
from decimal import Decimal
from itertools import cycle, islice

from bench.build import BATCH
from inspections.learning.pieces import pieces_of
from inspections.models import Case, CaseAnswer, CaseSite, Finding, Lesson, LessonPiece
from inspections.words import Reply, Source
from organization.bulk import insert
from organization.models import Project, User
from scoring.models import Requirement, Score
from scoring.models.results import ScoreKind

FINDINGS, LESSONS = 5000, 5000
PLACES = ["配电房", "水泵房", "消防通道", "监控室", "大堂", "电梯机房", "地下车库", "垃圾站"]
LACKS = ["未上锁", "标识缺失", "记录不全", "堆放杂物", "照明损坏", "渗漏积水", "无人值守"]
METHODS = ["每日巡查并签字", "更换并拍照留存", "重新培训上岗", "张贴标识牌", "纳入月度检查"]


def add_work(campaign, at) -> Case:
    """Findings and lessons, a self-score beside every score, a case at all projects."""
    findings = add_findings(campaign, at)
    add_self_scores(campaign, at)
    add_lessons(campaign, at)
    return add_case(campaign, findings[0], at)


def add_findings(campaign, at) -> list[Finding]:
    """Of every state, on requirements of the rubrics; the second half repeats the first."""
    Finding.objects.filter(campaign=campaign).delete()
    people = list(User.objects.filter(posts__project__isnull=False).order_by("pk"))
    projects = list(Project.objects.order_by("pk"))
    requirements = Requirement.objects.select_related("item__rubric").order_by("pk")
    half = FINDINGS // 2
    lines = list(islice(cycle(requirements), half)) * 2
    rows = (
        finding_of(campaign, number, projects[number % half % len(projects)], line, at)
        for number, line in enumerate(lines)
    )
    made = list(rows)
    for number, each in enumerate(made):
        each.responsible = people[number % len(people)]
    return Finding.objects.bulk_create(made, batch_size=500)


def finding_of(campaign, number, project, line, at) -> Finding:
    opened = at - timedelta(days=30, minutes=FINDINGS - number)
    is_done, is_verified = number % 3 == 0, number % 6 == 0
    return Finding(
        campaign=campaign,
        project=project,
        problem=words(number),
        measure=METHODS[number % len(METHODS)],
        source=Source.values[number % len(Source.values)],
        specialty_id=line.item.rubric.specialty_id,
        requirement=line,
        due=(at + timedelta(days=number % 60 - 20)).date(),
        created_at=opened,
        opened_at=opened,
        rectified_at=at - timedelta(days=3) if is_done else None,
        verified_at=at - timedelta(days=1) if is_verified else None,
    )


def words(number: int) -> str:
    return f"{PLACES[number % len(PLACES)]}{number // 7 % 40}号{LACKS[number // 3 % len(LACKS)]}"


def add_self_scores(campaign, at, of=None) -> None:
    """Beside all audits' scores, or those `of` a query."""
    audits = Score.objects.all() if of is None else of
    audits = audits.filter(campaign=campaign, kind=ScoreKind.AUDIT).order_by("pk")
    Score.objects.bulk_create(
        (
            Score(
                campaign=campaign,
                project_id=score.project_id,
                specialty_id=score.specialty_id,
                rubric_id=score.rubric_id,
                kind=ScoreKind.SELF,
                kept=min(Decimal(100), score.kept + score.pk % 9),
                possible=100,
                finished_at=at - timedelta(days=20),
                updated_at=at,
            )
            for score in audits
        ),
        batch_size=BATCH,
    )


def add_case(campaign, finding, at) -> Case:
    """Asked of all projects; every second one has answered."""
    case = Case.objects.create(
        campaign=campaign,
        finding=finding,
        question=finding.problem,
        hours=24,
        spread_at=at - timedelta(hours=30),
        answer_by=at - timedelta(hours=6),
    )
    projects = Project.objects.order_by("pk")
    sites = CaseSite.objects.bulk_create(
        (site_of(case, number, project, at) for number, project in enumerate(projects)),
        batch_size=BATCH,
    )
    CaseAnswer.objects.bulk_create(
        (
            CaseAnswer(site=site, reply=site.reply, note="看过", answered_at=site.answered_at)
            for site in sites
            if site.reply
        ),
        batch_size=BATCH,
    )
    return case


def site_of(case, number, project, at) -> CaseSite:
    answered = number % 2 == 0
    return CaseSite(
        case=case,
        project=project,
        reply=Reply.NOT_HERE if answered else "",
        answered_at=at - timedelta(hours=number % 20) if answered else None,
    )


def add_lessons(campaign, at) -> None:
    lessons = Lesson.objects.bulk_create(
        (
            Lesson(
                campaign=campaign,
                problem=words(number),
                method=METHODS[number % len(METHODS)],
                created_at=at - timedelta(minutes=number),
            )
            for number in range(LESSONS)
        ),
        batch_size=500,
    )
    pieces = ((each.pk, word) for each in lessons for word in words_of(each))
    insert(LessonPiece, ("lesson", "piece"), pieces)


def words_of(lesson) -> frozenset[str]:
    return pieces_of(f"{lesson.problem}\n{lesson.method}")
