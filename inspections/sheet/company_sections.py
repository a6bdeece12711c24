"""What the company keeps of each section: the median and the best of all finished audit sheets.

Read from the counts that are kept as scores are recorded (scoring.counting): a few hundred rows,
however many projects there are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Sum

from campaign.models import Campaign
from organization.prepared import prepared
from scoring.models import SectionCount


@dataclass(frozen=True, slots=True)
class CompanySection:
    """A section over all projects that it applies to: percents, exact, and how many there are."""

    median: Fraction
    best: Fraction
    projects: int


Sections = dict[tuple[int, str], CompanySection]
Row = tuple[int, int, int]  # points kept, points possible (both in hundredths), projects


def company_sections(campaign: Campaign, region: str = "") -> Sections:
    """By the specialty's id and the section's code; versions of a rubric stand together.

    Of one region, or ("") of the whole company. One query.
    """
    together: dict[tuple[int, str], list[Row]] = defaultdict(list)
    about = {"region": region} if region else {}
    for specialty, code, *row in (in_region if region else in_all)(campaign=campaign.pk, **about):
        together[specialty, code].append(tuple(row))
    return {key: summed_up(found) for key, found in together.items()}


def counted(*, campaign, region=""):
    rows = SectionCount.objects.within(campaign, region)
    rows = rows.values("specialty_id", "section", "kept", "possible")
    rows = rows.annotate(many=Sum("projects")).filter(many__gt=0)
    return rows.values_list("specialty_id", "section", "kept", "possible", "many")


IN_ALL = {"campaign": Campaign._meta.pk}
in_all = prepared(counted, IN_ALL)
in_region = prepared(counted, IN_ALL | {"region": SectionCount._meta.get_field("region")})


def summed_up(rows: Iterable[Row]) -> CompanySection:
    """Of an even number the median lies between the two in the middle."""
    # as floating figures: two ratios of whole numbers this small are equal only if they are
    ordered = sorted(rows, key=lambda row: row[0] / row[1])
    total = sum(count for *_figures, count in ordered)
    low, high = percent_at(ordered, (total - 1) // 2), percent_at(ordered, total // 2)
    return CompanySection((low + high) / 2, percent_at(ordered, total - 1), total)


def percent_at(ordered: list[Row], place: int) -> Fraction:
    for kept, possible, count in ordered:
        place -= count
        if place < 0:
            return Fraction(100 * kept, possible)
    raise IndexError(place)
