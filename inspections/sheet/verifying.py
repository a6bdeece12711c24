"""Every sheet again from its records: seals, pictures, running points, score and its lines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.registry import Difference, SealedKind
from campaign.seals import is_sealed
from inspections.models import Observation, ObservationPhoto, ScoreSheet
from inspections.sheet.folding import Folded, fold
from inspections.sheet.ledger import scored_lines, sections_of
from inspections.sheet.outline import Outline, read_outline
from inspections.sheet.sealing import FACTS, OBSERVED, PICTURED, event_parts, sheet_parts
from inspections.sheet.sheets import finished
from organization.digests import compact
from organization.files import kept_digest
from organization.models import StoredFile
from organization.seals import verdict
from scoring.counting import rows_of
from scoring.models import CampaignResults, Item, Score, ScoreLine
from scoring.results import Line, Made, own_score

BATCH = 200

ORDER = _("第 %(place)s 条记录缺失、重复或顺序不对。")
LENGTH = _("封存时有 %(was)s 条记录，现在有 %(now)s 条，或者最后一条不是封存时的那条。")
UNSEALED = _("没有封印：是绕过系统加进来的，或者封印被抹掉。")
SHEET = {
    "broken": _("项目、评分细则、打开或提交的人和时间、申诉期起算时间与封存的不同。"),
    "key": _("封印用的密钥不在 EVIDENCE_KEYS 里，无法核对。"),
}
EVENT = {
    "broken": _("第 %(place)s 条记录（%(word)s %(id)s）被改过。"),
    "unsealed": _("第 %(place)s 条记录（%(word)s %(id)s）没有封印：是绕过系统加进来的。"),
    "key": _("第 %(place)s 条记录（%(word)s %(id)s）用的密钥不在 EVIDENCE_KEYS 里，无法核对。"),
}
WORDS = {"observation": _("检查记录"), "photo": _("照片")}
PICTURE = _("照片 %(id)s 的文件不是当时存下的那个，或者不见了。")
FOREIGN = _("记录与评分细则对不上，算不出得分：%(reason)s。")
FIGURE = _("%(field)s应当是 %(due)s，现在是 %(now)s。")
NO_SCORE = _("已经提交，却没有得分记录。")
NO_SHEET = _("有得分记录，却没有提交过的评分表。")
COUNTED = _("计入各项统计的数与评分表对不上。")
LINES = _("计入的扣分应当是 %(due)s 条共 %(points)s 分，现在不符：%(items)s。")
FIGURES = {
    "looked_at": _("已评项数"),
    "kept": _("得分"),
    "possible": _("应得分"),
    "rubric_id": _("评分细则"),
    "finished_at": _("评完时间"),
    "objections_until": _("申诉期"),
    "zeroed": _("关键项缺失记零分"),
    "capped": _("等级封顶"),
}


@dataclass
class Records:
    """What the database has of a few sheets, by sheet or by score."""

    events: dict[int, list[tuple]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[int, list[dict]] = field(default_factory=lambda: defaultdict(list))
    pictures: dict[int, set] = field(default_factory=lambda: defaultdict(set))
    scores: dict[tuple, Score] = field(default_factory=dict)
    lines: dict[int, set[Line]] = field(default_factory=lambda: defaultdict(set))


def sheet_contents(campaign: Campaign, about: str) -> Iterable[tuple[str, object]]:
    """That a sheet was opened, so that one that is taken out whole is missed."""
    rows = campaign.sheets.order_by("pk").values("pk", "project_id", "specialty_id", "kind")
    for row in (rows.filter(pk=about) if about else rows).iterator(chunk_size=500):
        yield str(row.pop("pk")), row


def kept_sheets(campaign: Campaign) -> dict:
    """Audit sheets with their points and the last seal, which covers every event of theirs."""
    rows = campaign.sheets.audits().order_by("pk").values(*KEPT)
    return {
        f"{row.pop('project__code')} {row.pop('specialty__code')}": compact(row) for row in rows
    }


KEPT = (
    "project__code", "specialty__code", "rubric__version", "kept", "possible", "submitted_at",
    "submitted_by_id", "events", "tip",
)  # fmt: skip
KINDS = {"sheet": SealedKind(_("评分表"), sheet_contents)}


def check_sheets(campaign: Campaign) -> Iterator[Difference]:
    """Whatever is not as it was sealed, or does not follow from it (campaign.registry)."""
    has_seals = is_sealed(campaign)
    allowed = CampaignResults.objects.filter(campaign=campaign, extra_allowed=True).exists()
    outlines: dict[int, Outline] = {}
    rows = campaign.sheets.select_related("project", "specialty", "rubric").order_by("pk")
    sheets = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(sheets, BATCH)):
        records = read(campaign, batch)
        for sheet in batch:
            sheet.campaign = campaign
            if has_seals:
                yield from check_seals(sheet, records)
            if sheet.rubric_id not in outlines:
                outlines[sheet.rubric_id] = read_outline(sheet.rubric)
            yield from check_figures(sheet, records, outlines[sheet.rubric_id], allowed)
    yield from check_strays(campaign)


def read(campaign: Campaign, batch: list[ScoreSheet]) -> Records:
    """Everything about a few sheets in four queries."""
    found, pks = Records(), [sheet.pk for sheet in batch]
    for row in Observation.objects.filter(sheet__in=pks).values(*OBSERVED, "sheet_id", "seal"):
        sheet, seal = row.pop("sheet_id"), row.pop("seal")
        found.events[sheet].append((row["place"], "observation", row, seal))
        found.seen[sheet].append(row)
    photos = ObservationPhoto.objects.filter(observation__sheet__in=pks)
    for row in photos.values(*PICTURED, "observation__sheet_id", "seal"):
        sheet, seal = row.pop("observation__sheet_id"), row.pop("seal")
        found.events[sheet].append((row["place"], "photo", row, seal))
        found.pictures[sheet].add((row["file_id"], row["file__kept_sha256"]))
    projects = {sheet.project_id for sheet in batch}
    for score in Score.objects.filter(campaign=campaign, project__in=projects).order_by():
        found.scores[score.project_id, score.specialty_id, score.kind] = score
    wanted = [s.pk for key in map(key_of, batch) if (s := found.scores.get(key))]
    for score, *line in (
        ScoreLine.objects.filter(score__in=wanted)
        .order_by()
        .values_list("score_id", "item_id", "requirement_id", "points", "observation", "rule_id")
    ):
        found.lines[score].add(Line(*line))
    return found


def key_of(sheet: ScoreSheet) -> tuple:
    return sheet.project_id, sheet.specialty_id, sheet.kind


# --- seals -------------------------------------------------------------------------------


def check_seals(sheet: ScoreSheet, records: Records) -> Iterator[Difference]:
    told = partial(Difference, what=partial(called, sheet))
    if not sheet.seal:
        yield told("unsealed", sentence=UNSEALED)
        return
    before = ""
    events = sorted(records.events[sheet.pk], key=lambda event: event[0])
    for number, (place, word, values, seal) in enumerate(events, 1):
        if place != number:
            yield told("order", sentence=ORDER, figures={"place": number})
            break
        if wrong := verdict(seal, *event_parts(word, sheet.pk, values, before)):
            own = values.get("pk") or values["file_id"]
            figures = {"place": place, "word": WORDS[word], "id": own}
            yield told(f"event_{wrong}", sentence=EVENT[wrong], figures=figures)
        before = seal
    facts = {name: getattr(sheet, name) for name in ("pk", *FACTS)}
    if wrong := verdict(sheet.seal, *sheet_parts(facts)):
        yield told(f"sheet_{wrong}", sentence=SHEET[wrong])
    if (sheet.events, sheet.tip) != (len(events), before):
        yield told("length", sentence=LENGTH, figures={"was": sheet.events, "now": len(events)})
    for pk, digest in records.pictures[sheet.pk]:
        if kept_digest(StoredFile.objects.get(pk=pk)) != digest:
            yield told("picture", sentence=PICTURE, figures={"id": pk})


def called(sheet: ScoreSheet) -> str:
    return f"{sheet.project.code} {sheet} · {sheet.get_kind_display()}"


# --- figures -----------------------------------------------------------------------------


def check_figures(
    sheet: ScoreSheet, records: Records, outline: Outline, allowed: bool
) -> Iterator[Difference]:
    """Running points, score and lines, folded from the observations again."""
    told = partial(Difference, what=partial(called, sheet))
    try:
        folded = folded_of(records.seen[sheet.pk], outline, allowed)
        due = {"looked_at": len(folded.looked_at)}
        due |= {"kept": folded.score.kept, "possible": folded.score.possible}
        lines = set(scored_lines(outline, folded))
    except (KeyError, ValueError) as reason:
        yield told("foreign", sentence=FOREIGN, figures={"reason": reason})
        return
    yield from unlike(told, sheet, due)
    if not sheet.submitted_at:
        return
    score = records.scores.get(key_of(sheet))
    if score is None:
        yield told("no_score", sentence=NO_SCORE)
        return
    made = Made(
        project=sheet.project,
        rubric=sheet.rubric,
        kind=sheet.kind,
        score=folded.score,
        lines=lines,
        rows=rows_of(lines, sections_of(outline, folded)),
        **finished(sheet),
    )
    wrong = [*check_score(told, made, score), *check_lines(told, made, records.lines[score.pk])]
    yield from wrong or check_counted(told, made, score, own_score(made, records.scores))


def check_score(told, made: Made, score: Score) -> Iterator[Difference]:
    due = {"kept": made.score.kept, "possible": made.score.possible}
    due |= {"zeroed": made.score.zeroed, "capped": made.score.capped}
    due |= {"rubric_id": made.rubric.pk, "finished_at": made.finished_at}
    yield from unlike(told, score, due | {"objections_until": made.objections_until})


def check_lines(told, made: Made, kept: set[Line]) -> Iterator[Difference]:
    if made.lines != kept:
        items = sorted({line.item for line in made.lines ^ kept})
        codes = dict(Item.objects.filter(pk__in=items).values_list("pk", "code"))
        named = sorted(codes.get(item, str(item)) for item in items)
        points = sum(line.points for line in made.lines)
        figures = {"due": len(made.lines), "points": points, "items": " ".join(named[:10])}
        yield told("lines", sentence=LINES, figures=figures)


def check_counted(told, made: Made, score: Score, own: Score | None) -> Iterator[Difference]:
    """What a score has put into the counts; asked where the score itself is right, from which it
    follows. None: an earlier release finished it, and nothing counts it yet.
    """
    if score.counted is not None and score.counted != made.counted(own):
        yield told("counted", sentence=COUNTED)


def folded_of(seen: list[dict], outline: Outline, allowed: bool) -> Folded:
    names = ("pk", "kind", "item_id", "requirement_id", "rule_id", "points", "withdraws_id")
    events = [outline.event(*(row[name] for name in names)) for row in seen]
    return fold(outline.engine_items, events, allowed, outline.critical)


def unlike(told, row, due: dict) -> Iterator[Difference]:
    for name, value in due.items():
        if getattr(row, name) != value:
            figures = {"field": FIGURES[name], "due": value, "now": getattr(row, name)}
            yield told(f"{row._meta.model_name}_figure", sentence=FIGURE, figures=figures)


def check_strays(campaign: Campaign) -> Iterator[Difference]:
    """Scores that count without a sheet that was handed in."""
    sheets = ScoreSheet.objects.submitted().filter(
        **{name: OuterRef(name) for name in ("campaign", "project", "specialty", "kind")}
    )
    scores = Score.objects.filter(~Exists(sheets), campaign=campaign).finished()
    for score in scores.select_related("project", "specialty").iterator():
        yield Difference("no_sheet", f"{score.project.code} {score}", NO_SHEET)
