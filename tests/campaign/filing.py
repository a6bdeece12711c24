"""What the filing matrix is tried on: a campaign with a milestone of each kind, and its cells."""

from datetime import date, timedelta

from campaign.matrix import Matrix
from campaign.matrix_page import MatrixPage
from campaign.models import Obligation
from campaign.words import Scope
from tests import cast

AT = cast.moment(2011, 10, 20, 10)
TODAY = date(2011, 10, 20)


def write_facts(obligation, **facts):
    """Put an obligation where a test needs it, without the ways that lead there."""
    Obligation.objects.filter(pk=obligation.pk).update(**facts)
    obligation.refresh_from_db()
    return obligation


def submitted(obligation, by, days=0, **more):
    """Handed in so many days after (or before) its due date."""
    at = cast.moment(2011, 10, 1) + timedelta(days=(obligation.due - date(2011, 10, 1)).days + days)
    return write_facts(obligation, submitted_at=at, first_submitted_at=at, submitted_by=by, **more)


def accepted(obligation, by, days=0):
    return submitted(obligation, by, days, accepted_at=AT, accepted_by=by)


def milestones(company):
    """Two of projects, one of specialties, one of the company."""
    campaign = company.campaign
    return {
        "kickoff": cast.milestone(campaign, "kickoff"),
        "plan": cast.milestone(
            campaign,
            "plan",
            due=date(2011, 10, 18),
            evidence=("improvement_plan",),
            phase="self_check",
        ),
        "training": cast.milestone(
            campaign,
            "training",
            scope=Scope.SPECIALTY,
            due=date(2011, 10, 28),
            phase="self_check",
        ),
        "policies": cast.milestone(
            campaign, "policies", scope=Scope.COMPANY, due=date(2011, 11, 25), phase="rectify"
        ),
    }


def owed(company, found):
    """What the two projects, one specialty and the company owe of these."""
    return {
        "one": cast.obligation(found["kickoff"], project=company.one),
        "two": cast.obligation(found["kickoff"], project=company.two),
        "plan": cast.obligation(found["plan"], project=company.one),
        "training": cast.obligation(found["training"], specialty=company.lines["customer_service"]),
        "policies": cast.obligation(found["policies"]),
    }


def matrix(company, person, at=AT, **params) -> Matrix:
    return Matrix(company.campaign, person, params, at)


def page(company, person, at=AT, **params) -> MatrixPage:
    return MatrixPage(company.campaign, person, params, at)


def names(shown: Matrix) -> list[str]:
    return [row.name for row in shown.rows]
