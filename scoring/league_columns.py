"""The league table's columns and their heads, which sort."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring.league_ask import BAND, COMPOSITE, LAST, OWN, PROJECT, REGION
from scoring.models import Weight
from scoring.templatetags.scoring_ui import percent

TEXTS = frozenset((PROJECT, REGION))  # from a to z first, figures from the largest


@dataclass(frozen=True, slots=True)
class Column:
    """A rubric's column: its weight in percent, and whether that is only a sample."""

    code: str
    name: str
    percent: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A head that sorts: what a click asks for, and which way the column is sorted now."""

    name: str
    sort: str
    direction: str = ""
    column: Column | None = None
    look: str = ""

    @property
    def arrow(self) -> str:
        return {"ascending": "↑", "descending": "↓"}.get(self.direction, "")


def column_of(weight: Weight) -> Column:
    specialty = weight.specialty
    return Column(specialty.code, specialty.name, percent(weight.percent), weight.is_sample)


class Headings:
    """The heads of all columns, by the sort that is asked for."""

    def __init__(self, columns: list[Column], sort: str, *, has_last: bool):
        self.columns, self.sort, self.has_last = columns, sort, has_last

    @property
    def rank(self) -> Heading:
        """A place sorts as the composite that it follows from."""
        return Heading(_("名次"), self.composite.sort)

    @property
    def project(self) -> Heading:
        return self._heading(PROJECT, _("项目"), "c-name")

    @property
    def composite(self) -> Heading:
        return self._heading(COMPOSITE, _("综合得分"), "num")

    @property
    def figures(self) -> list[Heading]:
        """All from the composite on, as they stand."""
        band = self._heading(BAND, _("等级"))
        return [self.composite, band, *self.rubrics, *self.changes, self.region]

    @property
    def rubrics(self) -> list[Heading]:
        return [
            self._heading(column.code, column.name, "num c-rub", column) for column in self.columns
        ]

    @property
    def changes(self) -> list[Heading]:
        own, last = (OWN, _("较自查")), (LAST, _("较上次"))
        shown = [own, last] if self.has_last else [own]
        return [self._heading(key, name, "num c-change") for key, name in shown]

    @property
    def region(self) -> Heading:
        return self._heading(REGION, _("区域和类型"), "c-delta")

    def _heading(
        self, key: str, name: str, look: str = "", column: Column | None = None
    ) -> Heading:
        down, up = f"-{key}", key
        direction = {up: "ascending", down: "descending"}.get(self.sort, "")
        turned = {up: down, down: up}
        first = up if key in TEXTS else down
        return Heading(name, turned[self.sort] if direction else first, direction, column, look)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The sorts as a list to choose from, for phones, where the columns have no heads."""
        keys = [COMPOSITE, *(column.code for column in self.columns), OWN, LAST]
        heads = [self.composite, *self.rubrics, *self.changes]
        named = [(key, head.name) for key, head in zip(keys, heads, strict=False)]
        down, up = _("%(what)s，高到低"), _("%(what)s，低到高")
        found = [(f"-{key}", down % {"what": name}) for key, name in named]
        found += [(key, up % {"what": name}) for key, name in named]
        return [
            *found, (PROJECT, _("项目编码")), (f"-{PROJECT}", _("项目编码，倒序")),
            (REGION, _("区域")), (f"-{REGION}", _("区域，倒序")),
        ]  # fmt: skip
