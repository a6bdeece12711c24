"""Each section's median and best over the finished sheets, specialty by specialty."""

from dataclasses import dataclass
from decimal import Decimal

from campaign.models import Campaign
from inspections.sheet.company_sections import CompanySection, company_sections
from scoring import engine
from scoring.models import Rubric, Section


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section; `weakest` where no other of its specialty has a lower median."""

    name: str
    found: CompanySection
    weakest: bool

    @property
    def median(self) -> Decimal:
        return engine.half_up(self.found.median)

    @property
    def best(self) -> Decimal:
        return engine.half_up(self.found.best)

    @property
    def mark(self) -> float:
        """Where the best is marked, on a scale of 100 with the mark's own width."""
        return float(self.best) - 1


@dataclass(frozen=True, slots=True)
class SpecialtySections:
    rubric: Rubric
    lines: list[SectionLine]


def by_specialty(campaign: Campaign, region: str) -> list[SpecialtySections]:
    """Sections as the rubric in force names them; three queries."""
    found = company_sections(campaign, region)
    rubrics = campaign.rubrics.current().select_related("specialty").order_by("specialty__order")
    names: dict[int, list[Section]] = {}
    for section in Section.objects.filter(rubric__in=rubrics.order_by()).order_by("order", "pk"):
        names.setdefault(section.rubric_id, []).append(section)
    parts = [(rubric, lines_of(rubric, names.get(rubric.pk, []), found)) for rubric in rubrics]
    return [SpecialtySections(rubric, lines) for rubric, lines in parts if lines]


def lines_of(rubric: Rubric, sections: list[Section], found) -> list[SectionLine]:
    own = [
        (s.name, found[key]) for s in sections if (key := (rubric.specialty_id, s.code)) in found
    ]
    lowest = min((each.median for _name, each in own), default=None)
    several = len({each.median for _name, each in own}) > 1
    return [SectionLine(name, each, several and each.median == lowest) for name, each in own]
