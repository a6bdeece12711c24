"""A company with four published rubrics, and a short way to record a score."""

import uuid
from decimal import Decimal

import pytest

from scoring import engine, results
from tests import cast


@pytest.fixture
def firm(db):
    firm = cast.company()
    firm.rubrics = {code: cast.rubric(firm.campaign, line) for code, line in firm.lines.items()}
    return firm


@pytest.fixture
def record(firm):
    """Record `kept` of `possible` points on a specialty, finished unless told otherwise."""

    def write(
        code, kept, possible="100", *, project=None, at=cast.NOW, finished=True, lines=(),
        zeroed=False, capped=False, **more
    ):  # fmt: skip
        score = engine.SheetScore(
            kept=Decimal(kept), possible=Decimal(possible), zeroed=zeroed, capped=capped
        )
        return results.record_score(
            campaign=firm.campaign,
            project=project or firm.one,
            rubric=firm.rubrics[code],
            score=score,
            lines=lines,
            finished_at=at if finished else None,
            at=at,
            **more,
        )

    return write


@pytest.fixture
def line(firm):
    """A deduction on the n-th item of a specialty's rubric."""

    def make(code, n, points, *, requirement=1, observation=None):
        item = firm.rubrics[code].items.get(order=n)
        missing = item.requirements.get(number=requirement).pk if requirement else None
        return results.Line(item.pk, missing, Decimal(points), observation or uuid.uuid4())

    return make
