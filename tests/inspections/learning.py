"""Seminars, policies and lessons to play with, made through the product's own functions."""

from datetime import date

from inspections.finding.findings import verify
from inspections.learning.lessons import keep_lesson
from inspections.learning.policies import Kind, approve_policy, draft_policy, submit_policy
from inspections.learning.seminars import add_problem, close_seminar, edit_problem, hold_seminar
from tests import cast
from tests.inspections.writing import rectified

DAY = date(2011, 11, 4)
AT = cast.moment(2011, 11, 4)
NEXT = cast.moment(2011, 11, 5)


def seminar_of(company, *problems, specialty="customer_service", **fields):
    """An open seminar with these problems, none of them solved."""
    seminar = hold_seminar(
        campaign=company.campaign,
        specialty=company.lines[specialty],
        day=DAY,
        by=company.lead,
        at=AT,
        **fields,
    )
    for problem in problems:
        add_problem(seminar=seminar, problem=problem, by=company.lead, at=AT)
    return seminar


def closed_seminar(company, **fields):
    seminar = seminar_of(company, "投诉回访不及时", **fields)
    problem = seminar.problems.get()
    changes = {"solution": "当班主管两小时内回访，次日由客服主任抽查"}
    edit_problem(problem=problem, revision=0, changes=changes, by=company.lead, at=AT)
    return close_seminar(seminar=seminar, by=company.lead, at=AT)


def drafted(company, **fields):
    """A complete draft of a preventive policy about facilities."""
    words = {
        "kind": "procedure",
        "title": "配电房管理规程",
        "text": "每日巡视一次\n挡鼠板不得拆除",
        "in_force_from": date(2011, 11, 10),
        "is_preventive": True,
        "prevents": [Kind(company.lines["facilities"])],
    }
    return draft_policy(campaign=company.campaign, by=company.center, at=AT, **words | fields)


def waiting(company, **fields):
    return submit_policy(version=drafted(company, **fields), by=company.center, at=AT)


def approved(company, **fields):
    return approve_policy(version=waiting(company, **fields), by=company.president, at=NEXT)


def verified(company, **changes):
    return verify(
        finding=rectified(company, **changes), by=company.center, at=cast.moment(2011, 11, 2)
    )


def lesson(company, problem="配电房缺少挡鼠板", method="统一订做不锈钢挡鼠板", **fields):
    return keep_lesson(
        campaign=company.campaign,
        problem=problem,
        method=method,
        by=company.center,
        at=AT,
        **fields,
    )
