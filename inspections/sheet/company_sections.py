"""What the company keeps of each section: the median and the best of all finished audit sheets.

Every deduction of a campaign is added up by the database, in one query that answers with a few
hundred rows: how many sheets lost how much of which section. At ten thousand projects that takes
longer than a page should, so what it came to is kept in this process for some minutes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from time import monotonic

from django.db import connection
from django.db.models import Count, Sum

from campaign.models import Campaign
from inspections.models import Observation, ScoreSheet
from inspections.words import ObservationKind
from scoring import engine
from scoring.models import DeductionRule, Item, Score, ScoreLine, Section
from scoring.models.results import ScoreKind

# Lost and left out points of a section by score, then how many scores share the two figures.
SQL = """
SELECT section_id, lost, left_out, COUNT(*) FROM (
  SELECT score_id, section_id, ROUND(SUM(lost), 2) AS lost, ROUND(SUM(left_out), 2) AS left_out
  FROM (
    SELECT line.score_id, item.section_id,
      CASE WHEN SUM(CASE WHEN rule.kind = 'extra' THEN 0 ELSE line.points END) < item.points
        THEN SUM(CASE WHEN rule.kind = 'extra' THEN 0 ELSE line.points END)
        ELSE item.points END
      + SUM(CASE WHEN rule.kind = 'extra' THEN line.points ELSE 0 END) AS lost,
      0 AS left_out
    FROM {line} line
    JOIN {score} score ON score.id = line.score_id
    JOIN {item} item ON item.id = line.item_id
    LEFT JOIN {rule} rule ON rule.id = line.rule_id
    WHERE score.campaign_id = %(campaign)s AND score.kind = %(audit)s
      AND score.finished_at IS NOT NULL
    GROUP BY line.score_id, item.id
    UNION ALL
    SELECT score.id, item.section_id, 0, item.points
    FROM {score} score
    JOIN {sheet} sheet ON sheet.campaign_id = score.campaign_id
      AND sheet.project_id = score.project_id AND sheet.specialty_id = score.specialty_id
      AND sheet.kind = score.kind
    JOIN {observation} mark ON mark.sheet_id = sheet.id AND mark.kind = %(not_applicable)s
    JOIN {item} item ON item.id = mark.item_id
    LEFT JOIN {observation} gone ON gone.withdraws_id = mark.id
    WHERE score.campaign_id = %(campaign)s AND score.kind = %(audit)s
      AND score.finished_at IS NOT NULL AND gone.id IS NULL
    GROUP BY score.id, item.id
  ) by_item GROUP BY score_id, section_id
) by_section GROUP BY section_id, lost, left_out
"""
TABLES = {
    "line": ScoreLine, "score": Score, "item": Item, "rule": DeductionRule, "sheet": ScoreSheet,
    "observation": Observation,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CompanySection:
    """A section over all projects that it applies to: percents, exact, and how many there are."""

    median: Fraction
    best: Fraction
    projects: int


Sections = dict[tuple[int, str], CompanySection]
KEPT = 600  # seconds


def company_sections(campaign: Campaign) -> Sections:
    """By the specialty's id and the section's code; versions of a rubric stand together.

    At most ten minutes old: three queries where they are over, else none.
    """
    return _company_sections(campaign.pk, int(monotonic() // KEPT))


@lru_cache(maxsize=8)
def _company_sections(campaign: int, _minutes: int) -> Sections:
    rubrics = dict(
        Score.objects.audits().finished().filter(campaign=campaign).order_by()
        .values_list("rubric").annotate(Count("pk"))
    )  # fmt: skip
    sections = Section.objects.filter(rubric__in=rubrics).annotate(full=Sum("items__points"))
    found = tallied(campaign)
    together: dict[tuple[int, str], list[tuple[Fraction, int]]] = defaultdict(list)
    for pk, code, specialty, rubric, full in sections.values_list(
        "pk", "code", "rubric__specialty", "rubric", "full"
    ):
        rows = found.get(pk, [])
        spotless = rubrics[rubric] - sum(count for *_figures, count in rows)
        kept = [*rows, (Decimal(0), Decimal(0), spotless)] if full else []
        together[specialty, code] += [
            (engine.ratio(max(full - out - lost, Decimal(0)), full - out, 100), count)
            for lost, out, count in kept
            if out < full and count
        ]
    return {key: summed_up(rows) for key, rows in together.items() if rows}


forget_company_sections = _company_sections.cache_clear


def tallied(campaign: int) -> dict[int, list[tuple[Decimal, Decimal, int]]]:
    """By section: points lost, points left out, and how many scores that is true of; nothing of
    those that lost and left out none.
    """
    names = {name: connection.ops.quote_name(m._meta.db_table) for name, m in TABLES.items()}
    asked = {
        "campaign": campaign,
        "audit": ScoreKind.AUDIT,
        "not_applicable": ObservationKind.NOT_APPLICABLE,
    }
    found: dict[int, list[tuple[Decimal, Decimal, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(**names), asked)
        for section, lost, out, count in cursor.fetchall():
            # SQLite adds decimals up as floating figures, which are exact to the hundredth here
            found[section].append((hundredths(lost), hundredths(out), count))
    return found


def hundredths(figure) -> Decimal:
    return Decimal(str(figure)).quantize(Decimal("0.01"))


def summed_up(rows: Iterable[tuple[Fraction, int]]) -> CompanySection:
    """Of an even number the median lies between the two in the middle."""
    ordered = sorted(rows)
    total = sum(count for _percent, count in ordered)
    low, high = at_place(ordered, (total - 1) // 2), at_place(ordered, total // 2)
    return CompanySection((low + high) / 2, ordered[-1][0], total)


def at_place(ordered: list[tuple[Fraction, int]], place: int) -> Fraction:
    for percent, count in ordered:
        place -= count
        if place < 0:
            return percent
    raise IndexError(place)
