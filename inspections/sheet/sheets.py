"""Score sheets: opened on a published rubric, submitted once every item was looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign, Participation
from campaign.seals import seal
from inspections.models import Observation, ScoreSheet
from inspections.sheet.folding import Event
from inspections.sheet.ledger import (
    Ledger,
    ledger_of,
    locked_ledger,
)
from inspections.sheet.outline import outline
from inspections.sheet.sealing import SEALED, sealed
from inspections.sheet.sheet_photos import demanding, pictured_among, without_picture
from organization.clock import end_of, local_day
from organization.errors import Refused
from organization.history import record
from organization.models import Project, Specialty, StoredFile, User
from scoring.models import Item, Rubric
from scoring.models.results import ScoreKind
from scoring.opening import open_scoring, require_open_results

VERBS = {
    "sheet_opened": gettext_lazy("打开评分表"),
    "sheet_submitted": gettext_lazy("提交评分表"),
    "sheet_imported": gettext_lazy("导入评分表"),
}
NAMED = 5  # so many items are named in a refusal, the others counted


@transaction.atomic
def open_sheet(
    *,
    campaign: Campaign,
    project: Project,
    specialty: Specialty,
    by: User,
    at: datetime,
    kind: str = ScoreKind.AUDIT,
) -> ScoreSheet:
    """The project's sheet on the specialty's published rubric, made when there is none yet.

    The first audit sheet opens scoring: then the weights have to add up to 100 (ruling 6). Raises
    Refused when they do not, when the project does not take part or does not have the specialty,
    when no rubric is published, and when results are frozen. Leaves one record.

    Whoever has a post in the project opens none of its audit sheets, and is told the same whether
    there is one or not: what is under way there is no business of theirs.
    """
    about = {"campaign": campaign, "project": project, "specialty": specialty, "kind": kind}
    if kind == ScoreKind.AUDIT and isinstance(by, User) and project.pk in by.project_ids:
        sentence = _("您在%(project)s有岗位，那里的评分表由别人开。")
        raise Refused(sentence % {"project": project}, "own_project")
    if found := ScoreSheet.objects.filter(**about).select_related("rubric").first():
        return found
    require_part(campaign, project, specialty)
    rubric = published_rubric(campaign, specialty)
    if kind == ScoreKind.AUDIT:
        # Holds the campaign's results, so that two people cannot open the same sheet at once.
        open_scoring(campaign=campaign, at=at, by=by)
    else:
        require_open_results(campaign)
    sheet, made = ScoreSheet.objects.get_or_create(
        **about,
        defaults={
            "rubric": rubric,
            "opened_at": at,
            "opened_by": by,
            "item_count": len(outline(rubric.pk).lines),
        },
    )
    if made:
        sheet.seal = sealed(sheet)
        sheet.save(update_fields=SEALED)
        record(on=sheet, verb="sheet_opened", by=by, at=at, rubric=str(rubric))
        seal(campaign, "sheet", about=str(sheet.pk), at=at)
    return sheet


def require_part(campaign: Campaign, project: Project, specialty: Specialty) -> None:
    if campaign.closed_at:
        raise Refused(_("专项工作已经结束，不能再开评分表。"), "closed")
    part = Participation.objects.filter(campaign=campaign, project=project).first()
    if part is None:
        raise Refused(_("“%(project)s”没有参加本次专项工作。") % {"project": project}, "no_part")
    if part.lacks.filter(pk=specialty.pk).exists():
        names = {"project": project, "specialty": specialty}
        raise Refused(_("“%(project)s”不涉及%(specialty)s，不用评分。") % names, "lacks")


def published_rubric(campaign: Campaign, specialty: Specialty) -> Rubric:
    rubric = Rubric.objects.current().filter(campaign=campaign, specialty=specialty).first()
    if rubric is None:
        sentence = _("%(specialty)s还没有发布评分细则，请系统管理员先发布。")
        raise Refused(sentence % {"specialty": specialty}, "no_rubric")
    return rubric


@transaction.atomic
def submit_sheet(*, sheet: ScoreSheet, by: User, at: datetime) -> None:
    """Close the sheet for entry and let its score count.

    Objections may be made until the end of the campaign's `appeal_days`-th day from now (ruling
    14). Raises Refused, naming them, while items were not looked at (ruling 3) and while
    deductions lack the picture that their item demands; also when it was submitted before, and
    when results are frozen. A filled form cannot carry pictures and counts as looked at (ruling
    3): what it takes off an item as a whole is let through, and its sheet shows what lacks one.
    Leaves one record.
    """
    ledger = locked_ledger(sheet)
    hand_in(ledger, by=by, at=at)
    ledger.record_score(at=at, **finished(sheet))


def hand_in(ledger: Ledger, *, by: User, at: datetime) -> None:
    """What `submit_sheet` does with the sheet; whoever calls holds it and records the score."""
    sheet = ledger.sheet
    ledger.require_open()
    if items := not_looked_at(sheet):
        raise Refused(not_looked_at_sentence(items), "not_looked_at")
    if bare := lacking_pictures(ledger):
        raise Refused(lacking_pictures_sentence(ledger, bare), "photo")
    sheet.submitted_at, sheet.submitted_by = at, by
    ledger.keep("submitted_at", "submitted_by")
    score = ledger.folded.score
    record(
        on=sheet,
        verb="sheet_submitted",
        by=by,
        at=at,
        kept=str(score.kept),
        possible=str(score.possible),
    )


def finished(sheet: ScoreSheet) -> dict:
    """What a score needs to know of its sheet: when it counts, until when it may be contested.

    The time to contest runs from the submission, or from what moved it since (ruling 14). Nobody
    contests what the project said of itself.
    """
    until = partial(objections_until, sheet.campaign)
    at, contested = ends(sheet.kind, sheet.submitted_at, sheet.appeal_from, until)
    return {"finished_at": at, "objections_until": contested}


def ends(
    kind: str,
    submitted_at: datetime,
    appeal_from: datetime | None,
    until: Callable[[datetime], datetime],
) -> tuple[datetime, datetime | None]:
    """The same of a sheet's plain values; `until` is `objections_until` in the campaign."""
    return submitted_at, None if kind == ScoreKind.SELF else until(appeal_from or submitted_at)


def objections_until(campaign: Campaign, at: datetime) -> datetime:
    """The end of the local day on which the time to object is over (rulings 11 and 14)."""
    return end_of(local_day(at) + timedelta(days=campaign.appeal_days))


def not_looked_at(sheet: ScoreSheet) -> list[Item]:
    """The items that keep the sheet from being submitted, in the rubric's order."""
    ledger = ledger_of(sheet)
    by_code = ledger.outline.by_code
    return [by_code[code].item for code in ledger.folded.missing_of(by_code)]


def not_looked_at_sentence(items: list[Item]) -> str:
    names = _("、").join(str(item) for item in items[:NAMED])
    if len(items) > NAMED:
        sentence = _("还有 %(count)d 项没有评：%(names)s 等。评完才能提交。")
    else:
        sentence = _("还有 %(count)d 项没有评：%(names)s。评完才能提交。")
    return sentence % {"count": len(items), "names": names}


def lacking_pictures(ledger: Ledger) -> list[Event]:
    """The deductions that keep the sheet from being submitted, for want of a picture."""
    asked = demanding(ledger.standing(), ledger.outline.takes_pictures)
    asked = [event for event in asked if event.requirement or event.rule]
    if not asked:
        return []
    bare = without_picture(asked, pictured_among(event.id for event in asked))
    order = list(ledger.outline.by_code)
    return sorted(bare, key=lambda e: (order.index(e.item), e.rule, int(e.requirement or 0)))


def lacking_pictures_sentence(ledger: Ledger, bare: list[Event]) -> str:
    by_code = ledger.outline.by_code
    named = list(dict.fromkeys(str(by_code[event.item].item) for event in bare))
    figures = {"count": len(bare), "names": _("、").join(named[:NAMED])}
    return (
        ngettext(
            "%(count)d 处扣分须拍照，还没有照片：%(names)s。拍照后才能提交。",
            "%(count)d 处扣分须拍照，还没有照片：%(names)s。拍照后才能提交。",
            len(bare),
        )
        % figures
    )


# --- lent to the rooms below (inspections.apps) ----------------------------------------------


def may_see_photo(user: User, stored: StoredFile) -> bool:
    """A picture of an observation is seen by whoever may see its sheet."""
    shown = ScoreSheet.objects.visible_to(user)
    return Observation.objects.filter(photos__file=stored, sheet__in=shown).exists()
