"""What a specialty's earlier versions knew: codes, names, English words."""

from collections import defaultdict

from campaign.models import Campaign
from organization.models import Specialty
from organization.prepared import prepared
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
    of = {"campaign": campaign.pk, "specialty": specialty.pk}
    lines, rules = _texts(lines_of(**of)), _texts(rules_of(**of))
    return [_former(row, lines[row[0]], rules[row[0]]) for row in items_of(**of)]


def _texts(rows: list[tuple]) -> defaultdict[int, Words]:
    texts: defaultdict[int, Words] = defaultdict(list)
    for item, zh, en in rows:
        texts[item].append((zh, en))
    return texts


def _items(*, campaign, specialty):
    """Words in each language by themselves, so that none has to be found for the reader."""
    found = Item.objects.rewrite(False).filter(
        rubric__campaign__pk=campaign, rubric__specialty__pk=specialty
    )
    return found.order_by("rubric__version", "order", "pk").values_list(*COLUMNS)


def _texts_in(model):
    def texts(*, campaign, specialty):
        items = _items(campaign=campaign, specialty=specialty).order_by().values("pk")
        rows = model.objects.rewrite(False).filter(item__in=items).order_by("number", "pk")
        return rows.values_list("item_id", "text_zh_hans", "text_en")

    return prepared(texts, KEYS)


KEYS = {"campaign": Campaign._meta.pk, "specialty": Specialty._meta.pk}
items_of = prepared(_items, KEYS)
lines_of, rules_of = _texts_in(Requirement), _texts_in(DeductionRule)


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
