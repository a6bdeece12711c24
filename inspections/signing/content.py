"""What a sheet says when it is signed, as plain values that need no row of the database later."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from inspections.models import Observation, ScoreSheet
from inspections.sheet.ledger import Ledger, ledger_of
from inspections.sheet.outline import Line, Part
from inspections.sheet.sheet_photos import digests_on
from inspections.signing.reading import in_language
from organization.digests import canonical, fingerprint, loaded
from organization.errors import Conflict

SHORT = 8  # characters of an item's digest: it names what changed and proves nothing


def content_of(sheet: ScoreSheet) -> dict:
    """Points, sections, and every standing observation with amount, method, note and pictures.

    Values are those that canonical JSON gives back, so that what is signed and what is kept are
    drawn by the same page.
    """
    ledger = ledger_of(sheet)
    score = ledger.folded.score
    said = {
        "campaign": {"code": sheet.campaign.code, "title": sheet.campaign.title},
        "project": {"code": sheet.project.code, "name": sheet.project.name},
        "specialty": {"code": sheet.specialty.code, "name": in_each_language(sheet.specialty)},
        "sheet": sheet.pk,
        "rubric": rubric_of(sheet),
        "kept": score.kept,
        "possible": score.possible,
        "shown": score.shown,
        "zeroed": score.zeroed,
        "capped": score.capped,
        "sections": list(sections_of(ledger)),
    }
    return loaded(canonical(said))


def rubric_of(sheet: ScoreSheet) -> dict:
    rubric = sheet.rubric
    return {"id": rubric.pk, "version": rubric.version, "name": in_each_language(rubric)}


def in_each_language(thing, field: str = "name") -> dict[str, str]:
    """Words of a thing by the language; those that are not there are left out."""
    if thing is None:
        return {}
    found = {
        code: getattr(thing, build_localized_fieldname(field, code)) or ""
        for code, _name in settings.LANGUAGES
    }
    return {code: text for code, text in found.items() if text}


def sections_of(ledger: Ledger) -> Iterable[dict]:
    """The rubric's sections with their items; points as they stand now."""
    seen = Seen(ledger)
    for part in ledger.outline.parts:
        yield {
            "name": in_each_language(part.section),
            "items": [seen.item(line) for line in part.lines],
        } | seen.points(part)


def everything(ledger: Ledger) -> Iterable[Observation]:
    """All that is on record, with the people; asked for where it was not read already."""
    here = ledger.at_hand
    if here and ledger.events.keys() <= here.keys():
        return [here[id] for id in ledger.events]
    return ledger.sheet.observations.select_related("by").order_by("recorded_at", "pk")


class Seen:
    """The standing observations of a sheet, by item; three queries for all of them."""

    def __init__(self, ledger: Ledger):
        self.ledger, self.outline = ledger, ledger.outline
        self.scores = {score.code: score for score in ledger.folded.score.items}
        self.counted = {line.observation: line.points for line in ledger.folded.score.lines}
        self.rows: dict[int, list[Observation]] = {}
        standing = ledger.folded.standing_ids
        for row in everything(ledger):
            if row.pk in standing:
                self.rows.setdefault(row.item_id, []).append(row)
        self.photos = digests_on(ledger.sheet)

    def points(self, part: Part) -> dict:
        scores = [self.scores[x.item.code] for x in part.lines if x.item.code in self.scores]
        possible = sum(score.possible for score in scores)
        return {
            "possible": possible,
            "kept": possible - sum(score.lost + score.extra for score in scores),
        }

    def item(self, line: Line) -> dict:
        score = self.scores.get(line.item.code)
        return {
            "code": line.item.code,
            "name": in_each_language(line.item),
            "points": line.item.points,
            "kept": score.kept if score else None,
            "not_applicable": line.item.code in self.ledger.folded.not_applicable,
            "observations": [self.observation(row) for row in self.rows.get(line.item.pk, ())],
        }

    def observation(self, row: Observation) -> dict:
        """`counts` are the points that it costs the sheet, None where another one counts."""
        about = self.outline.requirements.get(row.requirement_id)
        about = about or self.outline.rules.get(row.rule_id)
        return {
            "id": row.pk,
            "kind": row.kind,
            "about": in_each_language(about, "text"),
            "points": row.points,
            "count": row.count,
            "counts": self.counted.get(row.pk),
            "method": row.method,
            "note": row.note,
            "by": {"id": row.by_id, "name": str(row.by or "")},
            "observed_at": row.observed_at,
            "photos": self.photos.get(row.pk, []),
        }


# --- what the signers saw ----------------------------------------------------------------


def mark_of(content: dict) -> str:
    """What a page sends back with the signatures: the digest of what it showed, and short ones of
    the items, so that a difference has a name.
    """
    items = {item["code"]: digest(item)[:SHORT] for item in items_in(content)}
    return canonical({"all": digest(content), "items": items})


def stands_in(content: dict) -> dict:
    """What a device without a network can say of a sheet: its figures and, by item, the ids of
    what stands. An observation never changes under its id; pictures may still be on their way.
    """
    stands = {
        item["code"]: sorted(o["id"] for o in item["observations"]) for item in items_in(content)
    }
    return {"kept": content["kept"], "possible": content["possible"], "stands": stands}


def require_seen(seen: str, content: dict) -> None:
    """Conflict, naming the items, where the sheet says something else than the signers saw: that
    is `mark_of` it, or from a device that worked it out by itself `stands_in` it.
    """
    try:
        shown = loaded(seen)
        if "stands" in shown:
            return require_stands(shown, content)
        whole, items = shown["all"], dict(shown["items"])
    except (ValueError, TypeError, KeyError):
        whole, items = "", {}
    if whole == digest(content):
        return
    changed = [
        item for item in items_in(content) if items.get(item["code"]) != digest(item)[:SHORT]
    ]
    raise Conflict(changed_sentence(changed if items else []), theirs=content)


def require_stands(shown: dict, content: dict) -> None:
    now, stood = stands_in(content), dict(shown["stands"])
    if shown == now:
        return
    changed = [i for i in items_in(content) if stood.get(i["code"]) != now["stands"][i["code"]]]
    raise Conflict(changed_sentence(changed), theirs=content)


def changed_sentence(items: list[dict]) -> str:
    named = _("、").join(f"{item['code']} {in_language(item['name'])}" for item in items[:5])
    if not named:
        return _("评分表在签字期间改过。请看过现在的内容再确认；签的字还在。")
    return _("评分表在签字期间改过：%(items)s。请看过现在的内容再确认；签的字还在。") % {
        "items": named
    }


def items_in(content: dict) -> list[dict]:
    return [item for section in content["sections"] for item in section["items"]]


def digest(value) -> str:
    return fingerprint(canonical(value))
