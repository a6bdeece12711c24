"""What a finding's page shows: pictures in pairs, what is still missing, who may do what."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import zip_longest
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign
from inspections.finding.findings import missing_to_rectify
from inspections.models import Case, Extension, Finding, FindingPhoto
from inspections.models.repeats import earlier_than
from inspections.moves import FINDING_MOVES, stage_of
from inspections.plan.lines import is_outside, rectification_phase
from inspections.sheet.sheet_photos import layer_on
from inspections.words import Moment, RootCause
from organization.clock import local_day
from organization.models import HistoryEntry, Project, Specialty, User
from organization.prepared import prepared
from organization.states import State
from scoring.models import Item, Requirement

QUIET = {"edit_finding", "add_photo", "remove_photo"}


@dataclass(frozen=True)
class Pair:
    before: FindingPhoto | None
    after: FindingPhoto | None


@dataclass(frozen=True)
class Step:
    """Something that happened; `day` is the due date that it speaks of."""

    entry: HistoryEntry

    @property
    def day(self) -> date | None:
        due = self.entry.detail.get("due") if "extension" in self.entry.verb else None
        return date.fromisoformat(due) if due else None

    @property
    def words(self) -> str:
        """What it is about in one word or two: a root cause, from whom to whom."""
        detail = self.entry.detail
        if self.entry.verb == "reassign":
            return " → ".join(filter(None, (detail["was"], detail["who"])))
        cause = detail.get("cause")
        return str(RootCause(cause).label) if cause in RootCause.values else ""


class FindingScreen:
    """A finding seen by one reader at one moment."""

    def __init__(self, finding: Finding, reader: User, at: datetime):
        self.finding, self.reader, self.at = finding, reader, at
        self.campaign = finding.campaign
        self.stage = stage_of(finding)
        self.state = finding.state(at=at)
        may_rectify = reader.has_perm("inspections.rectify", finding)
        self.may_rectify = self.stage == "open" and may_rectify
        self.may_add_before = self.stage == "waiting" and may_rectify
        may_verify = reader.has_perm("inspections.verify", finding)
        self.is_own_work = may_verify and finding.rectified_by_id == reader.pk
        self.may_verify = self.stage == "waiting" and may_verify and not self.is_own_work
        self.may_reopen = self.stage == "verified" and may_verify
        self.may_reassign = self.stage == "open" and reader.has_perm(
            "inspections.reassign", finding
        )
        self.may_name_cause = (
            self.stage in FINDING_MOVES["name_root_cause"]
            and not self.may_rectify  # it is asked for in the form of the rectification
            and (may_rectify or may_verify)
        )

    @cached_property
    def photos(self) -> list[FindingPhoto]:
        """With what an auditor drew on those that a score sheet gave."""
        return photos_of(finding=self.finding.pk)

    @cached_property
    def case(self) -> Case | None:
        """The newest made of it, which nobody at a project sees here."""
        found = newest_case(finding=self.finding.pk) if self.reader.sees_company else []
        for each in found:
            each.campaign = self.campaign
        return next(iter(found), None)

    @property
    def thing(self) -> str:
        """What the ledger of reminders calls it."""
        return f"finding:{self.finding.pk}"

    def taken(self, moment: str) -> list[FindingPhoto]:
        return [photo for photo in self.photos if photo.moment == moment]

    @property
    def before(self) -> list[FindingPhoto]:
        return self.taken(Moment.BEFORE)

    @property
    def after(self) -> list[FindingPhoto]:
        return self.taken(Moment.AFTER)

    @property
    def shown_after(self) -> list[FindingPhoto]:
        """Those of this round; while a finding was sent back and has none yet, the last ones."""
        back = self.finding.reopened_at
        fresh = [photo for photo in self.after if back is None or photo.added_at > back]
        return fresh or self.after

    @cached_property
    def pairs(self) -> list[Pair]:
        """The first picture of before beside the first of after, and so on."""
        return [Pair(*pair) for pair in zip_longest(self.before, self.shown_after)]

    @property
    def older(self) -> list[FindingPhoto]:
        """Pictures of after from rounds that were sent back."""
        return self.after[: len(self.after) - len(self.shown_after)]

    # --- what else is known of it -----------------------------------------------------------

    @cached_property
    def earlier(self) -> list[Finding]:
        """The same requirement in this project before, in campaigns that the reader may open."""
        own = self.finding
        if own.requirement_id is None or own.opened_at is None:
            return []
        if not self.reader.sees_company:
            visible = Campaign.objects.visible_to(self.reader)
            found = own.earlier_openings().filter(campaign__in=visible)
            return list(found.select_related("campaign"))
        required = own.requirement
        return opened_before(
            project=own.project_id,
            opened_at=own.opened_at,
            code=required.item.code,
            specialty=required.item.rubric.specialty_id,
            item=required.item_id,
            number=required.number,
            text=required.text_zh_hans,
        )

    @property
    def earlier_states(self) -> list[tuple[Finding, State]]:
        return [(each, each.state(at=self.at)) for each in self.earlier]

    @property
    def times(self) -> int:
        return len(self.earlier) + 1

    @cached_property
    def extensions(self) -> list[Extension]:
        found = asked_for(finding=self.finding.pk)
        for each in found:
            each.finding = self.finding
        return found

    @property
    def decided(self) -> list[Extension]:
        return [each for each in self.extensions if each.decided_at]

    @property
    def asked(self) -> Extension | None:
        """The request that waits; no need once the finding is verified or withdrawn."""
        if self.stage not in FINDING_MOVES["decide_extension"]:
            return None
        return next((each for each in self.extensions if each.decided_at is None), None)

    @property
    def may_ask(self) -> bool:
        return self.may_rectify and self.asked is None and self.finding.due is not None

    @property
    def is_own_request(self) -> bool:
        return self.asked is not None and self.asked.asked_by_id == self.reader.pk

    @property
    def may_decide(self) -> bool:
        may = self.reader.has_perm("inspections.decide_extension", self.finding)
        return self.asked is not None and may and not self.is_own_request

    @property
    def mark(self) -> int:
        """Which round of work this is: words kept on a device are of one round."""
        moved = (self.finding.rectified_at, self.finding.verified_at, self.finding.reopened_at)
        return max((int(each.timestamp()) for each in moved if each), default=0)

    @cached_property
    def missing(self) -> dict[str, str]:
        """What a rectification still lacks, by field, whatever is typed just now."""
        return missing_to_rectify(self.finding, self.finding.rectification)

    @property
    def outside(self) -> bool:
        return is_outside(rectification_phase(self.campaign), self.finding.due)

    @property
    def timing(self) -> str:
        """How the work stood to its due date, once it was done."""
        finding = self.finding
        if not (finding.rectified_at and finding.due):
            return ""
        days = (finding.due - local_day(finding.rectified_at)).days
        if days < 0:
            return ngettext("迟 %(days)d 天完成", "迟 %(days)d 天完成", -days) % {"days": -days}
        if days == 0:
            return _("当天完成")
        return ngettext("提前 %(days)d 天完成", "提前 %(days)d 天完成", days) % {"days": days}

    @cached_property
    def story(self) -> list[Step]:
        """What happened, in order; single edits and pictures are left to the record."""
        kind = ContentType.objects.get_for_model(Finding)
        return [Step(entry) for entry in happened(kind=kind.pk, key=str(self.finding.pk))]


def seen_by(reader: User, campaign: Campaign, key: UUID) -> Finding:
    """One that the reader may know of; raises Http404."""
    everything = reader.sees_company
    projects = [] if everything else sorted(reader.project_ids)
    given = {"campaign": campaign.pk, "finding": key, "projects": projects}
    found = next(iter(on_record(**given, everything=everything)), None)
    if found is None:
        raise Http404
    found.campaign = campaign
    return found


def recorded(*, campaign, finding, projects, everything: bool) -> QuerySet[Finding]:
    """As `visible_to` has it."""
    found = Finding.objects.on_record().filter(campaign=campaign, pk=finding)
    found = found if everything else found.filter(project__pk__in=projects)
    return found.select_related("project", "specialty", "responsible", "requirement__item__rubric")


on_record = prepared(
    recorded,
    {"campaign": Campaign._meta.pk, "finding": Finding._meta.pk, "projects": Project._meta.pk},
)


def with_layers(*, finding) -> QuerySet[FindingPhoto]:
    """In the usual order, without the findings that it begins with."""
    photos = FindingPhoto.objects.filter(finding=finding).annotate(layer=layer_on("file"))
    return photos.order_by("added_at", "id").select_related("file", "added_by")


def cases_of(*, finding) -> QuerySet[Case]:
    return Case.objects.filter(finding=finding)[:1]


OF_FINDING = {"finding": Finding._meta.pk}
photos_of, newest_case = prepared(with_layers, OF_FINDING), prepared(cases_of, OF_FINDING)


def told_of(*, kind, key) -> QuerySet[HistoryEntry]:
    entries = HistoryEntry.objects.filter(content_type__pk=kind, object_id=key)
    return entries.exclude(verb__in=sorted(QUIET)).order_by("at", "id").select_related("by")


happened = prepared(
    told_of, {"kind": ContentType._meta.pk, "key": HistoryEntry._meta.get_field("object_id")}
)


def of_finding(*, finding) -> QuerySet[Extension]:
    found = Extension.objects.filter(finding=finding).order_by("asked_at", "id")
    return found.select_related("asked_by", "decided_by")


asked_for = prepared(of_finding, OF_FINDING)


def earlier_of(*, project, opened_at, code, specialty, item, number, text) -> QuerySet[Finding]:
    """What `earlier_openings` says of a finding with these."""
    mine = {
        "project": project,
        "opened_at": opened_at,
        "requirement__item__code": code,
        "requirement__item__rubric__specialty": specialty,
        "requirement__item": item,
        "requirement__number": number,
        "requirement__text_zh_hans": text,
    }
    found = earlier_than(Finding.objects.opened(), mine.__getitem__)
    return found.order_by("-opened_at", "pk").select_related("campaign")


opened_before = prepared(
    earlier_of,
    {
        "project": Project._meta.pk,
        "opened_at": Finding._meta.get_field("opened_at"),
        "code": Item._meta.get_field("code"),
        "specialty": Specialty._meta.pk,
        "item": Item._meta.pk,
        "number": Requirement._meta.get_field("number"),
        "text": Requirement._meta.get_field("text_zh_hans"),
    },
)
