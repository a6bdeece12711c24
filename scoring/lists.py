"""Weights and bands from lists: a campaign's whole set at once, through the functions that set it.

A campaign whose rows say what holds already is left alone, also once scoring is open.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.errors import Refused
from organization.lists import (
    Columns,
    ListError,
    ListRefused,
    ListRow,
    blanks,
    error,
    fold,
    number_of,
    refuse,
    repeated,
)
from organization.posts import specialty_errors, specialty_words
from scoring import engine
from scoring.bands import set_bands
from scoring.weights import set_weights

CAMPAIGN = ("专项工作", "Campaign", "专项工作编码", "Campaign code")
WEIGHTS = Columns(
    words={
        "campaign": CAMPAIGN,
        "specialty": ("专业", "Specialty", "专业口"),
        "percent": ("权重", "Weight", "权重（%）", "Weight (%)", "百分比"),
    },
    required=("campaign", "specialty", "percent"),
)
BANDS = Columns(
    words={
        "campaign": CAMPAIGN,
        "code": ("等级编码", "Band code", "编码", "Code"),
        "name_zh_hans": ("中文名称", "Chinese name", "等级", "名称"),
        "name_en": ("英文名称", "English name"),
        "lowest": ("起", "From", "最低分", "Lowest"),
        "highest": ("止", "To", "最高分", "Highest"),
    },
    required=("campaign", "code", "name_zh_hans", "lowest", "highest"),
    free=frozenset(("name_zh_hans", "name_en")),
)
POINTS = ("lowest", "highest")


@transaction.atomic
def import_weights(*, rows: Sequence[ListRow], by, at: datetime) -> None:
    """Set the weights of every campaign that rows speak of: all of its specialties at once.

    Percents as figures, or as Excel keeps 25%: 0.25. Raises ListRefused with every bad cell, and
    where `set_weights` refuses.
    """
    words = specialty_words()
    refuse(
        [
            problem
            for row in rows
            for problem in blanks(row, WEIGHTS)
            + specialty_errors(row, words)
            + number_errors(row, "percent")
        ]
    )
    refuse(repeated(rows, lambda r: (r["campaign"], words[fold(r["specialty"])]), "specialty"))
    for campaign, own in by_campaign(rows):
        percents = whole({words[fold(r["specialty"])].code: number_of(r["percent"]) for r in own})
        if percents != dict(campaign.weights.values_list("specialty__code", "percent")):
            through(own, set_weights, campaign=campaign, percents=percents, by=by, at=at)


@transaction.atomic
def import_bands(*, rows: Sequence[ListRow], by, at: datetime) -> None:
    """Set the bands of every campaign that rows speak of: all from 0 to 100 at once.

    Raises ListRefused with every bad cell, and where `set_bands` refuses.
    """
    refuse([problem for row in rows for problem in band_errors(row)])
    refuse(repeated(rows, lambda row: (row["campaign"], row["code"]), "code"))
    for campaign, own in by_campaign(rows):
        bands = [band_values(row) for row in own]
        held = campaign.bands.values("code", "name_zh_hans", "name_en", *POINTS)
        if by_code(bands) != by_code(held):
            through(own, set_bands, campaign=campaign, bands=bands, by=by, at=at)


def by_campaign(rows: Sequence[ListRow]) -> Iterator[tuple[Campaign, list[ListRow]]]:
    """Each campaign with its rows; raises ListRefused for those that there are not."""
    grouped: dict[str, list[ListRow]] = defaultdict(list)
    for row in rows:
        grouped[row["campaign"]].append(row)
    known = Campaign.objects.in_bulk(list(grouped), field_name="code")
    refuse(
        [
            error(row, "campaign", _("没有编码为“%(word)s”的专项工作。") % {"word": code})
            for code, own in grouped.items()
            if code not in known
            for row in own
        ]
    )
    yield from ((known[code], own) for code, own in grouped.items())


def through(own: list[ListRow], door: Callable, **arguments) -> None:
    """Calls the function that sets a campaign's rows; its no is said of the first of them."""
    try:
        door(**arguments)
    except Refused as refusal:
        message = own[0]["campaign"] + _("：") + str(refusal)
        raise ListRefused([error(own[0], "campaign", message)]) from refusal


def number_errors(row: ListRow, column: str) -> list[ListError]:
    if not row[column] or number_of(row[column]) is not None:
        return []
    return [error(row, column, _("“%(word)s”不是数字。") % {"word": row[column]})]


def whole(percents: dict[str, Decimal]) -> dict[str, Decimal]:
    """Percents, where Excel kept them as parts of one."""
    factor = engine.FULL if sum(percents.values()) == 1 else 1
    return {code: percent * factor for code, percent in percents.items()}


def band_errors(row: ListRow) -> list[ListError]:
    found = blanks(row, BANDS)
    for column in POINTS:
        if row[column] and not row[column].isdecimal():
            found.append(error(row, column, _("等级的起止要填整数分。")))
    if row["code"] and not (row["code"].replace("-", "_").isidentifier() and row["code"].isascii()):
        found.append(error(row, "code", _("等级编码只能用字母、数字、- 和 _。")))
    for column, limit in (("code", 20), ("name_zh_hans", 30), ("name_en", 30)):
        if len(row[column]) > limit:
            found.append(error(row, column, _("最多 %(limit)s 个字。") % {"limit": limit}))
    return found


def band_values(row: ListRow) -> dict:
    names = {column: row[column] or None for column in ("name_zh_hans", "name_en")}
    return {"code": row["code"]} | names | {column: int(row[column]) for column in POINTS}


def by_code(bands) -> dict[str, dict]:
    return {band["code"]: band | {"name_en": band["name_en"] or None} for band in bands}
