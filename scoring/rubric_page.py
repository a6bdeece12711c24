"""What one rubric's page shows: its items by section, what is missing, what it changes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from organization.history import story_of
from scoring.content import inside_of, of_inside, of_item, of_published
from scoring.difference import Difference, difference
from scoring.draft_forms import FactsForm, SectionForm
from scoring.drafts import facts_mark
from scoring.editing import item_mark
from scoring.models import Item, Rubric, Score, Section
from scoring.rubrics import lacks_among

FULL = 100
SECTION = "scoring/_section.html"
KEPT_IN_CACHE = 64  # a campaign has a handful, in two languages


@dataclass
class Part:
    """A section with its items, and the form that renames it."""

    section: Section
    items: list[Item]
    form: SectionForm

    @property
    def points(self) -> Decimal:
        return total(self.items)


@dataclass(frozen=True)
class Figures:
    """How much there is in a rubric."""

    items: int
    requirements: int
    total: Decimal
    has_samples: bool

    @classmethod
    def of(cls, items: list[Item]) -> "Figures":
        requirements = sum(len(item.requirements.all()) for item in items)
        return cls(len(items), requirements, total(items), any(x.is_sample for x in items))


@dataclass(frozen=True)
class Published:
    """What the page of a published rubric shows of its inside."""

    figures: Figures
    drawn: SafeString


@lru_cache(maxsize=KEPT_IN_CACHE)
def published(pk: int, published_at: datetime, _language: str) -> Published:
    """Read and drawn once in this process for each language, up to 100 kilobytes: a published
    rubric never changes.
    """
    page = RubricPage(Rubric(pk=pk, published_at=published_at), may_edit=False)
    section = get_template(SECTION)
    parts = (section.render({"part": part, "page": page}) for part in page.parts)
    return Published(Figures.of(page.items), mark_safe("".join(parts)))  # noqa: S308 a template's


def forget_published() -> None:
    """For tests, where a rolled back transaction gives the same id to another rubric."""
    published.cache_clear()
    of_published.cache_clear()


class RubricPage:
    """One rubric; `may_edit` draws the tools of a draft. `renaming` (a section's code and form)
    and `facts` are forms that came back with mistakes.
    """

    def __init__(self, rubric: Rubric, *, may_edit: bool, renaming=None, facts=None):
        self.rubric, self.may_edit = rubric, may_edit and not rubric.published_at
        self.renaming, self._facts = renaming or ("", None), facts

    @cached_property
    def inside(self) -> tuple[list[Section], list[Item]]:
        """Sections, and items with theirs, in their order: read once for all that is shown."""
        sections, items = inside_of(self.rubric)
        return list(sections), list(items)

    @cached_property
    def parts(self) -> list[Part]:
        sections, items = self.inside
        by_section: dict[int, list[Item]] = {}
        for item in items:
            by_section.setdefault(item.section_id, []).append(item)
        return [self._part(section, by_section.get(section.pk, [])) for section in sections]

    def _part(self, section: Section, items: list[Item]) -> Part:
        for item in items:
            item.is_open = is_open(item)
            item.mark = item_mark(of_item(item), section.name_zh_hans) if self.may_edit else ""
        name = {"name": section.name_zh_hans, "seen": section.name_zh_hans}
        code, typed = self.renaming
        form = SectionForm(initial=name, prefix=section.code)
        return Part(section, items, typed if code == section.code else form)

    @cached_property
    def items(self) -> list[Item]:
        return [item for part in self.parts for item in part.items]

    @cached_property
    def figures(self) -> Figures:
        return self._published.figures if self._published else Figures.of(self.items)

    @property
    def drawn(self) -> str:
        """A published one's sections, which look alike to everybody; nothing for a draft."""
        return self._published.drawn if self._published else ""

    @cached_property
    def _published(self) -> Published | None:
        rubric = self.rubric
        if not rubric.published_at:
            return None
        return published(rubric.pk, rubric.published_at, get_language())

    @property
    def is_full(self) -> bool:
        return not self.figures.items or self.figures.total == FULL

    @cached_property
    def missing(self) -> list[str]:
        return [] if self.rubric.published_at else lacks_among(self.inside[1])

    @property
    def used(self) -> int:
        """In how many projects' results it counts."""
        scores = Score.objects.filter(rubric=self.rubric).order_by()
        # counted from an index as it lies: a database sorts what it counts distinct by itself
        return scores.values("project").distinct().count()

    @cached_property
    def _versions(self):
        rubric = self.rubric
        return Rubric.objects.filter(campaign=rubric.campaign_id, specialty=rubric.specialty_id)

    @cached_property
    def current(self) -> Rubric | None:
        """The version in force, where this is another one."""
        return self._versions.current().exclude(pk=self.rubric.pk).first()

    @property
    def successor(self) -> Rubric | None:
        """The version that took a superseded one's place."""
        return self.current if self.rubric.superseded_at else None

    @cached_property
    def difference(self) -> Difference | None:
        """What a draft changes in the version in force."""
        now = self.current
        if self.rubric.published_at or not now or not self.items:
            return None
        return difference(of_published(now.pk, now.published_at), of_inside(*self.inside))

    @property
    def facts(self) -> FactsForm:
        rubric = self.rubric
        names = {"zh": rubric.name_zh_hans, "en": rubric.name_en, "seen": facts_mark(rubric)}
        weight = rubric.proposed_weight
        return self._facts or FactsForm(
            initial=names | {"weight": weight and f"{weight.normalize():f}"}
        )

    @property
    def entries(self):
        return story_of(self.rubric, 20)


def is_open(item: Item) -> bool:
    """Whether something is missing that publishing needs."""
    rules = list(item.rules.all())
    priced = item.deduct_max is not None
    settled = (priced or rules) and all(rule.kind for rule in rules)
    return not (item.points and settled and item.requirements.all())


def total(items) -> Decimal:
    return sum((item.points for item in items if item.points is not None), Decimal(0))
