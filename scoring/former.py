"""What a specialty's earlier versions knew: codes, names, English words."""

from collections import defaultdict

from campaign.models import Campaign
from organization.models import Specialty
from scoring.codes import Former
from scoring.models import DeductionRule, Item, Requirement

COLUMNS = (
    "pk", "code", "section__name_zh_hans", "section__name_en", "section__code", "name_zh_hans",
    "name_en", "standard_zh_hans", "standard_en", "rubric__published_at",
)  # fmt: skip
Words = list[tuple[str, str | None]]


def former_items(campaign: Campaign, specialty: Specialty) -> list[Former]:
    """The items of all versions, oldest first. Three queries of plain values: an import of 2,000
    items over another version has to compare them all.
    """
    found = Item.objects.filter(rubric__campaign=campaign, rubric__specialty=specialty)
    lines, rules = _texts(Requirement, found), _texts(DeductionRule, found)
    rows = found.order_by("rubric__version", "order", "pk").values_list(*COLUMNS)
    return [_former(row, lines[row[0]], rules[row[0]]) for row in rows]


def _texts(model, items) -> defaultdict[int, Words]:
    texts: defaultdict[int, Words] = defaultdict(list)
    rows = model.objects.filter(item__in=items.order_by()).order_by("number", "pk")
    for item, zh, en in rows.values_list("item_id", "text_zh_hans", "text_en"):
        texts[item].append((zh, en))
    return texts


def _former(row: tuple, lines: Words, rules: Words) -> Former:
    _pk, code, section, section_en, section_code, name, name_en, standard, standard_en, at = row
    words = [(section, section_en), (name, name_en), (standard, standard_en), *lines, *rules]
    return Former(
        code=code,
        section=section,
        section_code=section_code,
        name=name,
        standard=standard or "",
        published=at is not None,
        lines=tuple(zh for zh, _en in lines),
        rules=tuple(zh for zh, _en in rules),
        english={zh: en for zh, en in words if zh and en},
    )
