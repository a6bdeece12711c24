"""The campaign's summary: drafted from the facts, written on by people, handed in as a report."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from campaign.models import Campaign
from inspections.closing.chapters import CHAPTERS, builder_of
from inspections.edits import differing, put, require_newest
from inspections.models import Chapter, ChosenPair, Finding, FindingPhoto, Summary
from inspections.moves import lock, person, require_running
from inspections.words import Moment
from organization.errors import Refused
from organization.history import record
from organization.models import StoredFile, User

VERBS = {
    "draft_summary": gettext_lazy("起草总结"),
    "edit_chapter": gettext_lazy("修改总结"),
    "refresh_facts": gettext_lazy("更新数据"),
    "choose_pairs": gettext_lazy("挑选对比照片"),
    "hand_in_summary": gettext_lazy("总结交为书面资料"),
}
MOST_PAIRS, FIRST_PAIRS = 12, 4


@transaction.atomic
def draft_summary(*, campaign: Campaign, by, at: datetime) -> Summary:
    """Write the summary's first draft from the facts; what is there already stays as it is.

    A chapter that came to the product since is added. Raises Refused unless the campaign runs.
    """
    require_running(campaign)
    summary, begun = Summary.objects.get_or_create(
        campaign=campaign, defaults={"drafted_at": at, "drafted_by": person(by)}
    )
    lock(summary)
    there = set(summary.chapters.values_list("code", flat=True))
    with override(settings.LANGUAGE_CODE):  # words that nobody typed are the company's
        for position, builder in enumerate(CHAPTERS, 1):
            if builder.code not in there:
                facts = builder.gather(campaign, at)
                Chapter.objects.create(
                    summary=summary,
                    code=builder.code,
                    position=position,
                    text=builder.draft(facts),
                    facts=facts,
                    facts_at=at,
                )
    if begun:
        put_pairs(summary, first_pairs(campaign))
        record(on=summary, verb="draft_summary", by=by, at=at, after="draft")
    return summary


@transaction.atomic
def edit_chapter(
    *, chapter: Chapter, revision: int, changes: Mapping[str, Any], by, at: datetime
) -> Chapter:
    """Change a chapter's words as seen at `revision`; what changes nothing is no edit.

    Raises Conflict when somebody changed them meanwhile, Refused once the campaign is over.
    """
    lock(chapter)
    changed = differing(chapter, changes, ("text",))
    if not changed:
        return chapter
    require_running(chapter.summary.campaign)
    require_newest(chapter, revision)
    more = {"edited_at": at, "edited_by": person(by)}
    put(chapter, changed, verb="edit_chapter", by=by, at=at, **more)
    return chapter


@transaction.atomic
def refresh_facts(*, summary: Summary, by, at: datetime, codes: Iterable[str] = ()) -> Summary:
    """Take the newest figures, of all chapters or of some; what people typed is not touched."""
    require_running(summary.campaign)
    lock(summary)
    wanted = set(codes)
    for chapter in summary.chapters.all():
        builder = builder_of(chapter.code)
        if builder and (not wanted or chapter.code in wanted):
            chapter.facts, chapter.facts_at = builder.gather(summary.campaign, at), at
            chapter.save(update_fields=["facts", "facts_at"])
    record(on=summary, verb="refresh_facts", by=by, at=at, chapters=sorted(wanted))
    return summary


@transaction.atomic
def choose_pairs(*, summary: Summary, findings: Iterable[Finding], by, at: datetime) -> Summary:
    """Show these findings' pictures of before and after, in this order, and no others.

    Raises Refused for more than twelve, and for one that lacks one of the two pictures.
    """
    require_running(summary.campaign)
    lock(summary)
    findings = list(findings)
    if len(findings) > MOST_PAIRS:
        message = _("最多挑 %(most)d 组照片。") % {"most": MOST_PAIRS}
        raise Refused(message, code="many")
    put_pairs(summary, findings)
    keys = [str(finding.pk) for finding in findings]
    record(on=summary, verb="choose_pairs", by=by, at=at, findings=keys)
    return summary


def may_see_pair(user: User, file: StoredFile) -> bool:
    """Pictures that a summary shows are seen by whoever reads it, once it was handed in."""
    shown = ChosenPair.objects.filter(summary__handed_in_at__isnull=False)
    shown = shown.filter(summary__campaign__in=Campaign.objects.visible_to(user))
    return shown.filter(Q(before__file=file) | Q(after__file=file)).exists()


def with_both_pictures(campaign: Campaign):
    """Verified findings that have a picture of before and one of after, newest first."""
    return pictured(campaign=campaign.pk)


def pictured(*, campaign):
    photos = FindingPhoto.objects.filter(finding=OuterRef("pk")).order_by()
    both = Finding.objects.verified().filter(
        # asked of each, from the newest on: as many are looked at as are wanted
        Exists(photos.filter(moment=Moment.BEFORE)),
        Exists(photos.filter(moment=Moment.AFTER)),
        campaign__pk=campaign,
    )
    return both.select_related("project", "specialty").order_by("-verified_at", "pk")


# --- what the moves are made of ------------------------------------------------------------


def first_pairs(campaign: Campaign) -> list[Finding]:
    """One of each specialty to begin with, until somebody chooses."""
    found: dict[int | None, Finding] = {}
    for finding in with_both_pictures(campaign):
        found.setdefault(finding.specialty_id, finding)
    return list(found.values())[:FIRST_PAIRS]


def put_pairs(summary: Summary, findings: list[Finding]) -> None:
    summary.pairs.all().delete()
    photos: dict[tuple, list[FindingPhoto]] = {}
    for photo in FindingPhoto.objects.filter(finding__in=findings).order_by("added_at", "pk"):
        photos.setdefault((photo.finding_id, photo.moment), []).append(photo)
    for position, finding in enumerate(findings, 1):
        before = photos.get((finding.pk, Moment.BEFORE))
        after = photos.get((finding.pk, Moment.AFTER))
        if not (before and after):
            raise Refused(_("“%(finding)s”没有成对的照片。") % {"finding": finding}, "no_pair")
        ChosenPair.objects.create(
            summary=summary,
            finding=finding,
            before=before[0],
            after=after[-1],
            position=position,
        )
