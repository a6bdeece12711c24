"""What a plan's page shows: the lines, what is missing, the first line's answer."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from campaign.models import Campaign, Evidence, Obligation, Phase
from inspections.forms.plans import SOURCES, LineForm
from inspections.models import Finding, ImprovementPlan, PlanRevision, PlanVersion, SetAside
from inspections.plan.amending import catch_up
from inspections.plan.likely import LikelyPeople
from inspections.plan.lines import Gap, gaps, is_outside, rectification_phase
from inspections.plan.past import ORDER, Past, offered
from inspections.plan.plan_answer import answer_of
from inspections.plan.plan_rows import CHANGES, Row
from inspections.plan.plan_telling import thing_of
from inspections.plan.versions import Document
from inspections.words import Source
from organization import states
from organization.clock import local_day
from organization.models import Project, User
from organization.prepared import prepared
from organization.specialties import every_specialty
from organization.states import State

MEETING = "self_criticism"  # the milestone of the plan


def of_plan(*, document):
    return in_order(Finding.objects.filter(plan__pk=document, withdrawn_at__isnull=True))


def of_revision(*, document):
    more = "amends__specialty", "amends__responsible", "withdrawn_by"
    return in_order(Finding.objects.filter(draft_of__pk=document)).select_related(*more)


def in_order(lines):
    related = "specialty", "responsible", "origin__responsible"
    return lines.select_related(*related).order_by("position", "created_at")


# put into SQL once: they read most of what is known of two findings and four people
lines_of_plan = prepared(of_plan, {"document": ImprovementPlan._meta.pk})
lines_of_revision = prepared(of_revision, {"document": PlanRevision._meta.pk})


PLAN = {"plan": ImprovementPlan._meta.pk}


def all_versions(*, plan):
    found = PlanVersion.objects.filter(plan__pk=plan).order_by("-number")
    return found.select_related("submitted_by", "decided_by")


def revisions_under_way(*, plan):
    found = PlanRevision.objects.under_way().filter(plan__pk=plan).order_by("-number")
    return found.select_related("begun_by")


def left_out(*, plan):
    found = SetAside.objects.filter(plan__pk=plan).order_by("at", "id")
    return found.select_related("specialty", "by")


def owed_by(*, campaign, project):
    found = Obligation.objects.filter(campaign__pk=campaign, project__pk=project)
    return found.select_related("milestone").order_by("due", "milestone__order")


versions_of, under_way_of = prepared(all_versions, PLAN), prepared(revisions_under_way, PLAN)
set_aside_of = prepared(left_out, PLAN)
obligations_of = prepared(owed_by, {"campaign": Campaign._meta.pk, "project": Project._meta.pk})


@dataclass(frozen=True)
class OfferGroup:
    """What may be taken up of one source."""

    source: Source
    offers: list[Past]


class PlanScreen:
    """A plan, or a revision of it, seen by one reader at one moment; asks the database when a
    template draws it."""

    def __init__(self, plan: Document, reader: User, at: datetime):
        self.plan, self.reader, self.at = plan, reader, at
        self.root, self.is_revision = plan.root, plan.root is not plan
        self.campaign, self.project = plan.campaign, plan.project
        self.state = plan.state(at=at)
        self.may_lead = reader.has_perm("inspections.write_plan", plan)
        self.may_write = plan.is_editable and self.may_lead
        self.may_submit = plan.is_editable and reader.has_perm("inspections.submit_plan", plan)
        self.may_discard = self.is_revision and self.may_submit
        self.may_review = (
            self.state == states.WAITING_REVIEW
            and reader.has_perm("inspections.review_plan", plan)
            and plan.submitted_by_id != reader.pk
        )
        self.forms: dict[UUID, LineForm] = {}
        self.theirs: dict[UUID, Finding] = {}
        self.new_text = self.new_source = ""
        self.why: dict[UUID | None, str] = {}  # typed reasons of what could not be taken out

    def open(self, form: LineForm, theirs: Finding | None = None) -> None:
        """Show this line as an editor, or both versions of it."""
        self.forms[form.line.pk] = form
        if theirs:
            self.theirs[form.line.pk] = theirs

    @cached_property
    def phase(self) -> Phase | None:
        return rectification_phase(self.campaign)

    @cached_property
    def lines(self) -> list[Finding]:
        if self.plan.pk is None:
            return []
        ask = lines_of_revision if self.is_revision else lines_of_plan
        found = ask(document=self.plan.pk)
        for line in found:
            line.campaign, line.project = self.campaign, self.project
            for name, document in self.plan.place.items():
                setattr(line, name, document)
        return [catch_up(line) for line in found]

    @cached_property
    def gaps(self):
        return gaps(self.plan, self.lines)

    @cached_property
    def rows(self) -> list[Row]:
        found = {gap.finding.pk: gap for gap in self.gaps}
        return [
            self.row(number, line, found.get(line.pk)) for number, line in enumerate(self.lines, 1)
        ]

    def row(self, number: int, line: Finding, gap: Gap | None) -> Row:
        return Row(
            number=number,
            finding=line,
            gap=gap,
            outside=is_outside(self.phase, line.due),
            may_write=self.may_write and self.reader.has_perm("inspections.write_line", line),
            state=line.state(at=self.at),
            screen=self,
            form=self.forms.get(line.pk),
            theirs=self.theirs.get(line.pk),
            why=self.why.get(line.pk, ""),
        )

    def row_of(self, pk) -> Row | None:
        return next((row for row in self.rows if row.finding.pk == pk), None)

    @property
    def complete(self) -> int:
        return len(self.lines) - len(self.gaps)

    @property
    def missing(self) -> int:
        """How many single things are missing, over all lines."""
        return sum(len(gap) for gap in self.gaps)

    @property
    def ready(self) -> bool:
        return bool(self.lines) and not self.gaps and (self.has_changes or not self.is_revision)

    @property
    def has_changes(self) -> bool:
        return any(row.kind in CHANGES for row in self.rows)

    @property
    def same_rows(self) -> list[Row]:
        """What a revision leaves as it is, folded away while the others are reviewed."""
        return [row for row in self.rows if row.kind == "same" and self.may_review]

    @property
    def shown_rows(self) -> list[Row]:
        return [row for row in self.rows if not (row.kind == "same" and self.may_review)]

    @property
    def summary(self) -> str:
        """What a revision does, counted."""
        counted = Counter(row.kind for row in self.rows)
        words = [word % {"count": counted[kind]} for kind, word in CHANGES.items() if counted[kind]]
        return _("，").join(words) or _("还没有改动")

    # --- versions

    @cached_property
    def versions(self) -> list[PlanVersion]:
        if self.root.pk is None:
            return []
        found = versions_of(plan=self.root.pk)
        for version in found:
            version.plan = self.root
        return found

    @property
    def standing(self) -> PlanVersion | None:
        """The version in force."""
        return next((version for version in self.versions if version.is_filed), None)

    @cached_property
    def under_way(self) -> PlanRevision | None:
        if self.root.filed_at is None:
            return None
        found = next(iter(under_way_of(plan=self.root.pk)), None)
        if found:
            found.plan = self.root
        return found

    @property
    def may_revise(self) -> bool:
        filed = not self.is_revision and self.state == states.FILED
        return filed and self.may_lead and not (self.under_way or self.campaign.closed_at)

    @cached_property
    def uncovered(self) -> str:
        """The specialties that no line is about: a hint, never a bar."""
        covered = {line.specialty_id for line in self.lines}
        names = [each.name for each in every_specialty() if each.pk not in covered]
        return _("、").join(names)

    @cached_property
    def offers(self) -> list[Past]:
        return offered(self.plan) if self.may_write else []

    @property
    def is_single(self) -> bool:
        """Nothing stands beside the list."""
        return not (self.may_write or self.may_review or self.versions)

    @property
    def offer_groups(self) -> list[OfferGroup]:
        """By their source, those with most to see to first."""
        found = [
            OfferGroup(source, [past for past in self.offers if past.source == source])
            for source in ORDER
        ]
        return [group for group in found if group.offers]

    @cached_property
    def set_aside(self) -> list[SetAside]:
        """What the plan knowingly leaves out, with the reasons."""
        if self.root.pk is None:
            return []
        return set_aside_of(plan=self.root.pk)

    @property
    def sources(self) -> list[tuple[str, str]]:
        return SOURCES

    @cached_property
    def meeting(self) -> list[Evidence]:
        """What the self-criticism meeting left on file: to be read while the plan is written."""
        if not (self.may_write or self.may_review):
            return []
        kept = Evidence.objects.standing().filter(
            obligation__campaign=self.campaign,
            obligation__project=self.project,
            obligation__milestone__code=MEETING,
        )
        return list(kept.select_related("file"))

    @cached_property
    def likely(self) -> LikelyPeople:
        return LikelyPeople(self.project)

    @cached_property
    def obligation(self) -> Obligation | None:
        """What the plan meets: it says until when, and how late; a revision is due at no time."""
        if self.is_revision:
            return None
        owed = obligations_of(campaign=self.campaign.pk, project=self.project.pk)
        found = next((each for each in owed if each.is_met_by_plan), None)
        if found:
            found.campaign = self.campaign
        return found

    @property
    def late(self) -> State | None:
        """The obligation's state where it is overdue or was late; else nothing is said."""
        if self.obligation is None or not self.obligation.days_late(at=self.at):
            return None
        days = self.obligation.days_late(at=self.at)
        return states.late(days) if self.obligation.submitted_at else states.overdue(days)

    @property
    def due_today(self) -> bool:
        return bool(self.obligation) and self.obligation.due == local_day(self.at)

    @property
    def thing(self) -> str:
        """What the ledger of reminders calls it; what it meets has a name of its own."""
        return thing_of(self.plan)

    @property
    def url(self) -> str:
        return self.plan.get_absolute_url()

    @property
    def review_url(self) -> str:
        return f"{self.url}review/"

    @property
    def answer(self) -> str:
        """The page's first line."""
        return answer_of(self)
