"""The campaign's bands: whole points, the rule that rounds to them, and how they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.seals import seal
from organization.errors import Refused
from organization.history import record
from organization.prepared import prepared
from scoring import engine
from scoring.models import Band, CampaignResults
from scoring.weights import require_unopened_scoring

CAP = "good"
# Icon and tint of the lowest band, of those between, of the highest.
LOWEST, BETWEEN, HIGHEST = (
    ("alert-triangle", "fail"),
    ("thumb-up", "good"),
    ("trophy", "excellent"),
)


@dataclass(frozen=True, slots=True)
class BandMark:
    """A band as pages draw it; `low` and `high` are composites, high exclusive or None."""

    code: str
    name: str
    lowest: int
    highest: int
    low: Decimal
    high: Decimal | None
    icon: str
    tint: str

    def __str__(self):
        return self.name


def _of_campaign(*, campaign):
    return Band.objects.filter(campaign__pk=campaign).order_by("lowest")


_bands_of = prepared(_of_campaign, {"campaign": Campaign._meta.pk})


class Banding:
    """One campaign's bands, lowest first, read with one query."""

    def __init__(self, campaign: Campaign):
        self.rounding = campaign.rounding
        self.marks = _marks(_bands_of(campaign=campaign.pk), campaign.rounding)
        self._by_code = {mark.code: mark for mark in self.marks}

    def __iter__(self):
        return iter(self.marks)

    def __getitem__(self, code: str) -> BandMark:
        return self._by_code[code]

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def of(self, composite: Decimal, capped: bool = False) -> BandMark | None:
        """The band of a composite (ruling 1); None while the campaign has no bands.

        `capped`: a critical requirement is missing, the band is the cap's at best (ruling 4).
        """
        reached = self.marks if not capped else self.marks[: self._by_cap]
        return next((mark for mark in reversed(reached) if mark.low <= composite), None)

    @cached_property
    def cap(self) -> BandMark | None:
        """The best band that a missing critical requirement leaves."""
        code = cap_of([mark.code for mark in self.marks])
        return self._by_code[code] if code else None

    @property
    def above_the_cap(self) -> list[BandMark]:
        """The bands that no project reaches while a critical requirement is missing."""
        return self.marks[self._by_cap :]

    @cached_property
    def _by_cap(self) -> int:
        """How many bands there are up to the cap."""
        return self.marks.index(self.cap) + 1 if self.cap else len(self.marks)

    @property
    def rule(self) -> str:
        """How a composite becomes a band, for the page that shows one (ruling 1)."""
        if self.rounding == engine.FLOOR:
            return _("等级按舍去小数后的综合得分")
        return _("等级按四舍五入到整数后的综合得分")

    @property
    def rule_in_full(self) -> str:
        """The same with the composites at which each band begins."""
        begins = [
            _("%(low)s 起%(band)s") % {"low": f"{mark.low:.2f}", "band": mark.name}
            for mark in self.marks[1:]
        ]
        return _("%(rule)s：%(begins)s。") % {"rule": self.rule, "begins": _("，").join(begins)}


def cap_of(codes: Sequence[str]) -> str | None:
    """The band that a missing critical requirement caps at, of codes lowest first: good (ruling
    4), or the last but one where a campaign names its bands otherwise. None without a choice.
    """
    if CAP in codes:
        return CAP
    return codes[-2] if len(codes) > 1 else None


def _marks(bands: Sequence[Band], rounding: str) -> list[BandMark]:
    ends = engine.thresholds(engine_bands(bands), rounding)
    looks = [LOWEST, *[BETWEEN] * (len(bands) - 2), HIGHEST][: len(bands)]
    return [
        BandMark(band.code, band.name, band.lowest, band.highest, *ends[band.code], *look)
        for band, look in zip(bands, looks, strict=True)
    ]


def engine_bands(bands) -> list[engine.Band]:
    return [engine.Band(band.code, band.lowest, band.highest) for band in bands]


def band_problems(campaign: Campaign) -> list[str]:
    """Sentences about bands that do not cover 0 to 100 exactly once."""
    bands = {band.code: band for band in campaign.bands.all()}
    problems = engine.check_bands(engine_bands(bands.values()))
    return [_sentence(problem, bands) for problem in problems]


def _sentence(problem: engine.Problem, bands: dict[str, Band]) -> str:
    first, last = problem.figures
    name = bands[problem.subject].name if problem.subject else ""
    figures = {"name": name, "first": first, "last": last}
    sentences = {
        "duplicate": _("等级编码“%(name)s”重复。"),
        "reversed": _("等级“%(name)s”的起止颠倒了：%(first)s 到 %(last)s。"),
        "outside": _("等级“%(name)s”超出 0 到 100：%(first)s 到 %(last)s。"),
        "gap": _("%(first)s 到 %(last)s 分没有等级。"),
        "gap of one": _("%(first)s 分没有等级。"),
        "overlap": _("等级“%(name)s”与别的等级重叠：%(first)s 到 %(last)s 分。"),
        "overlap of one": _("等级“%(name)s”与别的等级重叠：%(first)s 分。"),
    }
    code = problem.code
    if first == last and code in ("gap", "overlap"):
        code += " of one"
    return sentences[code] % figures


def bands_from_template(campaign: Campaign, plan: dict, at: datetime) -> None:
    """Give a new campaign the plan's bands (plan.yaml, scoring.bands).

    Raises Refused when they do not cover 0 to 100 exactly once.
    """
    made = Band.objects.bulk_create(
        Band(
            campaign=campaign,
            code=row["code"],
            name_zh_hans=row["zh"],
            name_en=row["en"],
            lowest=row["from"],
            highest=row["to"],
        )
        for row in plan["scoring"]["bands"]
    )
    require_whole(made)


@transaction.atomic
def set_bands(*, campaign: Campaign, bands: Sequence[dict], by, at: datetime) -> list[Band]:
    """Replace a campaign's bands (code, name_zh_hans, name_en, lowest, highest in whole points).

    Leaves one record. Raises Refused when scoring is open, or when they do not cover 0 to 100
    exactly once.
    """
    CampaignResults.objects.hold(campaign)
    require_unopened_scoring(campaign)
    drawn = [Band(campaign=campaign, **row) for row in bands]
    require_whole(drawn)
    was = {band.code: [band.lowest, band.highest] for band in campaign.bands.all()}
    campaign.bands.all().delete()
    made = Band.objects.bulk_create(drawn)
    now = {band.code: [band.lowest, band.highest] for band in made}
    record(on=campaign, verb="set_bands", by=by, at=at, bands=now, was=was)
    seal(campaign, "bands", at=at)
    return made


def require_whole(bands: Sequence[Band]) -> None:
    """Raises Refused, with a sentence for each gap and overlap, unless they cover 0 to 100 once."""
    if problems := engine.check_bands(engine_bands(bands)):
        by_code = {band.code: band for band in bands}
        raise Refused(" ".join(_sentence(each, by_code) for each in problems), code="bands")
