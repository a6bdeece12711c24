"""Whose notes are in which file, and how many people a project has; read in campaign.coverage."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.coverage import staff_of
from campaign.models import Campaign, Evidence, NotesOnFile, Participation
from campaign.obligations import change, check_stands, locked, person
from campaign.words import EvidenceKind
from organization.errors import Refused
from organization.history import record
from organization.models import User

MOST_PEOPLE = 9999


@transaction.atomic
def mark_notes(
    *,
    evidence: Evidence,
    people: Iterable[User],
    by,
    at: datetime,
    others: int = 0,
    revision: int | None = None,
) -> Evidence:
    """State whose notes are in a file: these people, and a number of others without a post here.

    Takes back earlier marks of the project's people that are not among them; marks of who left
    meanwhile stay as they are. Raises Refused once submitted, for a file that is no notes of a
    project or does not stand any more, and for somebody of another project; Conflict when
    `revision` (the obligation's) is not the newest. The same marks again leave no record.
    """
    obligation = locked(evidence.obligation, for_move="mark_notes", revision=revision)
    evidence = Evidence.objects.select_related("file").get(pk=evidence.pk)
    check_stands(evidence)
    if not obligation.project_id or evidence.kind != EvidenceKind.NOTES:
        raise Refused(_("只有项目的学习笔记可以登记到人。"), code="no_notes")
    check_number(others, "others")
    chosen, staff = {each.pk for each in people}, staff_of(obligation.project)
    there = set(staff.values_list("pk", flat=True))
    if not chosen <= there:
        raise Refused(_("有人已经不在这个项目，请刷新后再选。"), code="not_staff")
    added, gone = set_marks(evidence, chosen, there, by=by, at=at)
    if added or gone or others != evidence.others:
        evidence.others = others
        evidence.save()
        change(
            obligation, "mark_notes", by=by, at=at, name=evidence.file.name,
            added=sorted(added), taken_back=sorted(gone), others=others,
        )  # fmt: skip
    return evidence


def set_marks(evidence: Evidence, chosen: set, staff: set, *, by, at) -> tuple[set, set]:
    """Who was marked and whose mark was taken back."""
    standing = evidence.notes_of.filter(unmarked_at__isnull=True)
    marked = set(standing.values_list("person", flat=True))
    added, gone = chosen - marked, (marked & staff) - chosen
    standing.filter(person__in=gone).update(unmarked_at=at, unmarked_by=person(by))
    NotesOnFile.objects.bulk_create(
        NotesOnFile(evidence=evidence, person_id=each, marked_at=at, marked_by=person(by))
        for each in sorted(added)
    )
    return added, gone


@transaction.atomic
def set_headcount(
    *, participation: Participation, headcount: int | None, by, at: datetime
) -> Participation:
    """State how many people a project has, where not all are in the system; None counts posts.

    Raises Refused for fewer people than hold a post there.
    """
    now = Participation.objects.select_for_update(of=("self",)).select_related("project")
    participation = now.get(pk=participation.pk)
    if headcount is not None:
        check_number(headcount, "headcount")
        people = staff_of(participation.project).count()
        if headcount < people:
            raise Refused(
                _("系统里这个项目有 %(people)d 人，总数不能更少。") % {"people": people},
                code="too_few",
                field="headcount",
            )
    before, participation.headcount = participation.headcount, headcount
    if headcount != before:
        participation.save()
        record(
            on=participation, verb="set_headcount", by=by, at=at,
            before=str(before or ""), after=str(headcount or ""),
        )  # fmt: skip
    return participation


@transaction.atomic
def set_notes_percent(*, campaign: Campaign, percent: int | None, by, at: datetime) -> Campaign:
    """Ask for notes of a share of every project's people before it hands in; None asks for none.

    Raises Refused beyond 1 to 100 and once the campaign is closed.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if campaign.closed_at:
        raise Refused(_("专项工作已经结束。"), code="closed")
    if percent is not None and not 1 <= percent <= 100:
        raise Refused(_("请填写 1 到 100 之间的整数。"), code="percent", field="percent")
    before, campaign.notes_percent = campaign.notes_percent, percent
    if percent != before:
        campaign.save()
        record(
            on=campaign, verb="set_notes_percent", by=by, at=at,
            before=str(before or ""), after=str(percent or ""),
        )  # fmt: skip
    return campaign


def check_number(number: int, field: str) -> None:
    if not 0 <= number <= MOST_PEOPLE:
        raise Refused(
            _("人数要在 0 和 %(most)d 之间。") % {"most": MOST_PEOPLE}, code="number", field=field
        )
