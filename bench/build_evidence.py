"""Deductions behind every score of bench.build's campaign, sealed: what `verify` goes through."""

import random
import uuid
from decimal import Decimal
from itertools import islice

from campaign.seals import begin, chain_name
from inspections.models import Observation, ScoreSheet
from inspections.sheet.ledger import scored_lines
from inspections.sheet.outline import Outline, outline
from inspections.sheet.sealing import SEALED, seal_observations, seal_sheet
from inspections.sheet.sheets import finished
from inspections.sheet.verifying import OBSERVED, folded_of
from inspections.words import Method, ObservationKind
from organization.models import Seal, SealChain, User
from scoring.composing import COMPUTED, recomputed
from scoring.models import Score, ScoreLine, Standing

MISSING = 4  # a sheet: 5 % of its 80 items
BATCH = 500


def add_evidence(campaign, at, *, seed: int = 7) -> int:
    """Deductions on every sheet that was handed in, scores and standings that follow from them;
    returns how many. The chain begins again, since bench.build writes past the application.
    """
    chance = random.Random(seed)  # noqa: S311 sample data, not a secret
    center = User.objects.get(username="center")
    Score.objects.filter(campaign=campaign).delete()
    sheets = iter(campaign.sheets.select_related("rubric", "project", "specialty").order_by("pk"))
    while batch := list(islice(sheets, BATCH)):
        write(campaign, batch, chance, center, at)
    write_standings(campaign)
    Seal.objects.filter(chain__name=chain_name(campaign)).delete()
    SealChain.objects.filter(name=chain_name(campaign)).delete()
    begin(campaign, at=at)
    return Observation.objects.filter(sheet__campaign=campaign).count()


def write(campaign, sheets, chance, center, at) -> None:
    seen, scores, lines = [], [], []
    for sheet in sheets:
        sheet.campaign, sheet.seal = campaign, "begun"
        if sheet.submitted_at:
            rubric = outline(sheet.rubric_id)
            rows = deductions(sheet, rubric, chance, center, at)
            seal_observations(sheet, rows)
            score, own = scored(sheet, rubric, rows, at)
            seen += rows
            scores.append(score)
            lines += own
        seal_sheet(sheet)
    Observation.objects.bulk_create(seen)
    Score.objects.bulk_create(scores)
    ScoreLine.objects.bulk_create(lines)
    ScoreSheet.objects.bulk_update(sheets, [*SEALED, "looked_at", "kept", "possible"])


def deductions(sheet, rubric: Outline, chance, center, at) -> list[Observation]:
    return [
        Observation(
            id=uuid.UUID(int=chance.getrandbits(128)),
            sheet=sheet,
            kind=ObservationKind.MISSING,
            item=line.item,
            requirement=line.requirements[0],
            points=Decimal(chance.randint(5, 10)) / 10,
            method=Method.OPEN,
            note="没有记录",
            by=center,
            observed_at=at,
            recorded_at=at,
        )
        for line in chance.sample(list(rubric.lines.values()), MISSING)
    ]


def scored(sheet, rubric: Outline, rows, at) -> tuple[Score, list[ScoreLine]]:
    """What handing the sheet in would have written; the sheet's running points as well."""
    folded = folded_of(
        [{name: getattr(row, name) for name in OBSERVED} for row in rows], rubric, False
    )
    sheet.looked_at = len(folded.looked_at)
    sheet.kept, sheet.possible = folded.score.kept, folded.score.possible
    score = Score(
        campaign=sheet.campaign,
        project=sheet.project,
        specialty=sheet.specialty,
        rubric=sheet.rubric,
        kept=sheet.kept,
        possible=sheet.possible,
        updated_at=at,
        **finished(sheet),
    )
    return score, [
        ScoreLine(
            score=score,
            item_id=line.item,
            requirement_id=line.requirement,
            points=line.points,
            observation=line.observation,
        )
        for line in scored_lines(rubric, folded)
    ]


def write_standings(campaign) -> None:
    rows = iter(Standing.objects.filter(campaign=campaign).order_by("pk"))
    while batch := list(islice(rows, BATCH)):
        made = [standing for standing, _was in recomputed(campaign, batch)]
        Standing.objects.bulk_update(made, COMPUTED)
