"""The list of sheets: one row per project, one cell per specialty, a page of rows at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q

from campaign.models import Campaign, Participation
from inspections.models import SIGNING_STATES, ScoreSheet
from inspections.sheet.progress import Progress, progress
from inspections.signing.states import signing_state
from organization import states
from organization.models import Project, Specialty, User
from organization.prepared import prepared
from organization.states import State
from scoring import engine
from scoring.models.results import ScoreKind

PER_PAGE = 20
STATES = {
    "not_started": states.NOT_STARTED,
    "in_progress": states.IN_PROGRESS,
    "submitted": states.SUBMITTED,
}


@dataclass(frozen=True)
class Asked:
    """The filters in the address; a state that there is not is as if it were not asked for."""

    specialty: str = ""
    state: str = ""
    signing: str = ""
    project: str = ""
    page: str = ""

    @classmethod
    def of(cls, query) -> "Asked":
        asked = {name: query.get(name, "").strip() for name in cls.__dataclass_fields__}
        known = {"state": STATES, "signing": SIGNING_STATES}
        return cls(**asked | {n: asked[n] if asked[n] in of else "" for n, of in known.items()})


@dataclass(frozen=True)
class Cell:
    """One project's sheet of one specialty, there or not."""

    specialty: Specialty
    sheet: ScoreSheet | None = None
    lacks: bool = False
    may_open: bool = False
    is_asked_for: bool = True

    @property
    def state(self) -> State:
        if self.lacks:
            return states.NOT_APPLICABLE
        return self.sheet.state() if self.sheet else states.NOT_STARTED

    @property
    def signing(self) -> State | None:
        return signing_state(self.sheet) if self.sheet else None

    @property
    def percent(self) -> Decimal | None:
        """The score so far out of 100, as it is shown."""
        sheet = self.sheet
        return engine.SheetScore(sheet.kept, sheet.possible).shown if sheet else None


class SheetList:
    """What one reader sees of a campaign's audit sheets, or of its projects' self-checks."""

    def __init__(self, campaign: Campaign, reader, asked: Asked, kind: str = ScoreKind.AUDIT):
        self.campaign, self.reader, self.asked, self.kind = campaign, reader, asked, kind
        self.sees_all = reader.sees_company

    # --- the answer -------------------------------------------------------------------------

    @cached_property
    def progress(self) -> list[Progress]:
        return progress(self.campaign, self.kind, projects=self.projects)

    @cached_property
    def projects(self) -> int:
        """How many take part."""
        return self.campaign.number_taking_part

    @property
    def asked_progress(self) -> list[Progress]:
        """Of the specialty that was asked for, else of all."""
        asked = self.asked.specialty
        return [each for each in self.progress if asked in ("", each.specialty.code)]

    @cached_property
    def counts(self) -> dict[str, int]:
        return {
            "all": sum(each.total for each in self.asked_progress),
            "not_started": sum(each.not_started for each in self.asked_progress),
            "in_progress": sum(each.begun for each in self.asked_progress),
            "submitted": sum(each.submitted for each in self.asked_progress),
        }

    @property
    def chips(self) -> list[tuple[str, State, int]]:
        return [(code, state, self.counts[code]) for code, state in STATES.items()]

    @property
    def signing_chips(self) -> list[tuple[str, State]]:
        """A self-check is not signed."""
        return list(SIGNING_STATES.items()) if self.kind == ScoreKind.AUDIT else []

    @cached_property
    def to_go_on_with(self) -> ScoreSheet | None:
        """The sheet that the reader opened last and has not handed in."""
        return next(iter(begun_by(**self.about, person=self.reader.pk)), None)

    @property
    def about(self) -> dict:
        return {"campaign": self.campaign.pk, "kind": self.kind}

    @property
    def all_sheets(self):
        return ScoreSheet.objects.filter(campaign=self.campaign, kind=self.kind)

    @property
    def shown_sheets(self):
        return self.all_sheets.visible_to(self.reader)

    # --- the rows ---------------------------------------------------------------------------

    @cached_property
    def specialties(self) -> list[Specialty]:
        return [each.specialty for each in self.asked_progress]

    @cached_property
    def page(self):
        if not self.sees_all or self.asked.project or self.asked.state or self.asked.signing:
            return Paginator(self.participations(), PER_PAGE).get_page(self.asked.page)
        pages = Paginator(Everybody(self.campaign), PER_PAGE)
        pages.count = self.projects
        return pages.get_page(self.asked.page)

    def participations(self):
        found = self.campaign.participations.order_by("project__code")
        if not self.sees_all:
            found = found.filter(project__in=self.reader.project_ids)
        if text := self.asked.project:
            found = found.filter(Q(project__code__iexact=text) | Q(project__name__icontains=text))
        if self.asked.state:
            found = found.filter(self.having(self.asked.state))
        if self.asked.signing:
            signed = self.shown_sheets.signed_as(self.asked.signing)
            signed = signed.filter(project=OuterRef("project"), specialty__in=self.specialties)
            found = found.filter(Exists(signed))
        return found.select_related("project")

    def having(self, state: str) -> Q:
        """Projects with a sheet in this state, of any specialty that is shown."""
        if state == "not_started":
            waiting = [self.waits_for(specialty) for specialty in self.specialties]
            return reduce(or_, waiting, Q(pk__in=[]))
        return Q(Exists(self.begun().filter(submitted_at__isnull=state == "in_progress")))

    def waits_for(self, specialty: Specialty) -> Q:
        lacking = Participation.lacks.through.objects.filter(
            participation=OuterRef("pk"), specialty=specialty
        )
        return ~Q(Exists(lacking)) & ~Q(Exists(self.begun().filter(specialty=specialty)))

    def begun(self):
        """Sheets of a project on which something was looked at, handed in or not; one that is not
        shown has not begun, whatever is asked for.
        """
        touched = self.shown_sheets.filter(Q(looked_at__gt=0) | Q(submitted_at__isnull=False))
        return touched.filter(project=OuterRef("project"), specialty__in=self.specialties)

    @cached_property
    def rows(self) -> list[tuple[Participation, list[Cell]]]:
        parts = list(self.page.object_list)
        return [(part, [self.cell(part, each) for each in self.specialties]) for part in parts]

    def cell(self, part: Participation, specialty: Specialty) -> Cell:
        place = part.project_id, specialty.pk
        cell = Cell(
            specialty,
            sheet=self.sheets.get(place),
            lacks=(part.pk, specialty.pk) in self.lacks,
            # an own project's are opened by others (sheets.open_sheet)
            may_open=self.may_open[specialty.pk] and part.project_id not in self.reader.project_ids,
        )
        asked = (
            STATES.get(self.asked.state, cell.state),
            SIGNING_STATES.get(self.asked.signing, cell.signing),
        )
        return cell if asked == (cell.state, cell.signing) else Cell(specialty, is_asked_for=False)

    @cached_property
    def lacks(self) -> set[tuple[int, int]]:
        """Participations of the page with each specialty that is not theirs."""
        return set(lacking_on(parts=[part.pk for part in self.page.object_list]))

    @cached_property
    def may_open(self) -> dict[int, bool]:
        """Self-checks are opened on their project's own page."""
        if self.kind == ScoreKind.SELF:
            return {each.pk: False for each in self.specialties}
        may = self.reader.has_perm
        return {each.pk: may("inspections.open_sheet", each) for each in self.specialties}

    @cached_property
    def sheets(self) -> dict[tuple[int, int], ScoreSheet]:
        found = self.found_sheets()
        for_place = {(sheet.project_id, sheet.specialty_id): sheet for sheet in found}
        for sheet in for_place.values():
            sheet.campaign = self.campaign
        return for_place

    def found_sheets(self) -> Iterable[ScoreSheet]:
        if self.sees_all and not self.reader.project_ids:
            return sheets_on(**self.about, projects=self.on_page)
        found = self.shown_sheets.filter(project__in=self.on_page)
        return found.with_signing().order_by()

    @cached_property
    def on_page(self) -> list[int]:
        return [part.project_id for part in self.page.object_list]


@dataclass(frozen=True)
class Everybody:
    """All who take part in a campaign, in order, as a page of a `Paginator` asks for them."""

    campaign: Campaign

    def __getitem__(self, rows: slice) -> list[Participation]:
        return taking_part_in(campaign=self.campaign.pk, first=rows.start, last=rows.stop)


# --- queries, put into SQL once -----------------------------------------------------------------


def in_order(*, campaign, first: int, last: int):
    found = Participation.objects.filter(campaign=campaign).order_by("project__code")
    return found.select_related("project")[first:last]


def lacked_by(*, parts):
    lacks = Participation.lacks.through.objects.filter(participation__pk__in=parts).order_by()
    return lacks.values_list("participation", "specialty")


def last_opened(*, campaign, kind, person):
    mine = ScoreSheet.objects.unfinished().filter(campaign=campaign, kind=kind, opened_by=person)
    return mine.select_related("project", "specialty").order_by("-opened_at", "-pk")[:1]


def of_projects(*, campaign, kind, projects):
    """What all see who see everything."""
    sheets = ScoreSheet.objects.filter(campaign=campaign, kind=kind, project__pk__in=projects)
    return sheets.with_signing().order_by()


OF_CAMPAIGN = {"campaign": Campaign._meta.pk}
OF_KIND = OF_CAMPAIGN | {"kind": ScoreSheet._meta.get_field("kind")}
taking_part_in = prepared(in_order, OF_CAMPAIGN)
lacking_on = prepared(lacked_by, {"parts": Participation._meta.pk})
begun_by = prepared(last_opened, OF_KIND | {"person": User._meta.pk})
sheets_on = prepared(of_projects, OF_KIND | {"projects": Project._meta.pk})
