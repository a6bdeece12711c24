"""A drawn-up and an approved settlement of two projects with finished sheets."""

from decimal import Decimal

import pytest

from rewards.settlement import approve_settlement, draw_up, net, submit_settlement
from scoring.models import Rubric, Score
from tests import cast


@pytest.fixture
def scored(firm):
    """P01 comes to 96.005, that is 96.01, and P02 to 75.45, from sheets with points."""
    rubrics = {code: cast.rubric(firm.campaign, line, items=1) for code, line in firm.lines.items()}
    give(firm, rubrics, firm.one, "96.22", "95", "97", "96")
    give(firm, rubrics, firm.two, "75", "76", "74.6", "76.25")
    return firm


def give(firm, rubrics: dict[str, Rubric], project, *points: str) -> None:
    """A finished sheet of each rubric, out of 100."""
    for (code, rubric), kept in zip(rubrics.items(), points, strict=True):
        Score.objects.create(
            campaign=firm.campaign,
            project=project,
            specialty=firm.lines[code],
            rubric=rubric,
            kept=Decimal(kept),
            possible=100,
            finished_at=firm.at,
            updated_at=firm.at,
        )


@pytest.fixture
def drawn(scored, stand):
    stand(scored.one, "96.01")
    stand(scored.two, "75.45")
    return draw_up(campaign=scored.campaign, by=scored.center, at=scored.at)


@pytest.fixture
def approved(scored, drawn):
    submitted = submit_settlement(settlement=drawn, by=scored.center, at=scored.at)
    return approve_settlement(
        settlement=submitted, total=net(submitted), by=scored.president, at=scored.at
    )
