"""A project's score by section beside the company's median and best."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from inspections.sheet.company_sections import CompanySection, company_sections
from inspections.sheet.result_page import ResultPage
from organization.models import Specialty
from scoring import engine
from scoring.models import Section


@dataclass(frozen=True)
class SectionRow:
    """One section in percent: the project's own, shown to two decimals, and the company's."""

    specialty: Specialty
    section: Section
    own: Decimal
    company: CompanySection

    @property
    def median(self) -> Decimal:
        return engine.half_up(self.company.median)

    @property
    def best(self) -> Decimal:
        return engine.half_up(self.company.best)

    @property
    def behind(self) -> bool:
        return self.own < self.median


def section_rows(result: ResultPage) -> list[SectionRow]:
    """Of the finished sheets; a section of which nothing applies has no row.

    A critical requirement may have made the whole sheet zero: its sections still say what they
    kept. Extras may take more than a section has: it stops at zero here.
    """
    company = company_sections(result.campaign) if result.pages else {}
    rows = []
    for page in result.pages:
        specialty = page.sheet.specialty
        for part in page.parts:
            found = company.get((specialty.pk, part.section.code))
            if found and part.possible:
                percent = engine.ratio(max(part.kept, Decimal(0)), part.possible, 100)
                own = engine.half_up(Fraction(percent))
                rows.append(SectionRow(specialty, part.section, own, found))
    return rows
