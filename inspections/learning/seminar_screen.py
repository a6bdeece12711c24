"""What the pages of seminars show: the list, one seminar with its problems, findings to pick."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign, Obligation
from inspections.forms.writing import ProblemForm, SeminarForm
from inspections.handing_in import SEMINAR, specialty_owes
from inspections.models import Finding, Seminar, SeminarProblem
from organization.clock import local_day
from organization.history import last_of
from organization.models import Post, Specialty, User
from organization.roles import PROJECT_LEADERS, Role

PAGE_SIZE, FEW = 30, 30


class SeminarList:
    """The seminars of a campaign, narrowed by what stands in the address."""

    def __init__(self, campaign: Campaign, chosen: QueryDict):
        self.campaign = campaign
        self.all = Seminar.objects.filter(campaign=campaign)
        self.specialty = Specialty.objects.filter(code=chosen.get("specialty", "")).first()
        self.show = chosen.get("show") if chosen.get("show") in ("open", "closed") else ""

    def page(self, number) -> Page:
        found = self.all.filter(specialty=self.specialty) if self.specialty else self.all
        if self.show:
            found = found.filter(closed_at__isnull=self.show == "open")
        solved = Count("problems", filter=~Q(problems__solution=""))
        found = found.select_related("specialty", "chair", "campaign")
        found = found.annotate(number=Count("problems"), solved=solved)
        return Paginator(found.order_by("-day", "-pk"), PAGE_SIZE).get_page(number)

    @cached_property
    def answer(self) -> str:
        """Which specialties still have to hold theirs comes first."""
        held = set(self.all.filter(closed_at__isnull=False).values_list("specialty", flat=True))
        owing = Obligation.objects.filter(milestone__campaign=self.campaign)
        owing = owing.filter(milestone__code=SEMINAR)  # along the milestone's own index
        owing = owing.exclude(specialty__in=held).count()
        if owing:
            words = ngettext(
                "%(count)d 个专业口还没有开完研讨会",
                "%(count)d 个专业口还没有开完研讨会",
                owing,
            )
            return words % {"count": owing}
        return _("各专业口的研讨会都开完了") if held else _("还没有研讨会")


@dataclass
class ProblemRow:
    number: int
    problem: SeminarProblem
    findings: list[Finding]
    form: ProblemForm | None
    lesson: bool


class SeminarScreen:
    """One seminar seen by one reader; `typed` are forms that could not be saved."""

    def __init__(self, seminar: Seminar, reader: User, at: datetime, chosen: QueryDict, typed=None):
        self.seminar, self.reader, self.at, self.chosen = seminar, reader, at, chosen
        self.typed = typed
        self.writes = reader.has_perm("inspections.write_seminar", seminar)
        self.may_write = self.writes and seminar.closed_at is None
        self.url = seminar.get_absolute_url()

    @cached_property
    def people(self) -> list[User]:
        """The center, the specialty's leads, and who leads a project with a linked finding."""
        linked = Finding.objects.filter(seminar_problems__seminar=self.seminar)
        posts = Post.objects.current().filter(
            Q(role=Role.MANAGEMENT_CENTER)
            | Q(role=Role.SPECIALTY_LEAD, specialty=self.seminar.specialty)
            | Q(role__in=PROJECT_LEADERS, project__in=linked.values("project"))
        )
        return list(
            User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("name")
        )

    def form_of(self, made: type, thing):
        if self.typed and self.typed.key == f"{made.KIND}-{thing.pk}":
            return self.typed
        return made(thing=thing, people=self.people)

    @cached_property
    def form(self) -> SeminarForm:
        return self.form_of(SeminarForm, self.seminar)

    @cached_property
    def rows(self) -> list[ProblemRow]:
        found = self.seminar.problems.select_related("responsible").prefetch_related(
            "findings__project", "findings__campaign"
        )
        found = found.annotate(kept=Count("lessons", filter=Q(lessons__withdrawn_at=None)))
        found = found.order_by("position", "created_at")
        mine = None if self.reader.sees_company else self.reader.project_ids
        return [
            ProblemRow(
                number=number,
                problem=each,
                findings=[f for f in each.findings.all() if mine is None or f.project_id in mine],
                form=self.form_of(ProblemForm, each) if self.may_write else None,
                lesson=bool(each.kept),
            )
            for number, each in enumerate(found, 1)
        ]

    @property
    def unsolved(self) -> int:
        return sum(not row.problem.solution.strip() for row in self.rows)

    @property
    def answer(self) -> str:
        """What the seminar still owes, else what it brought."""
        count = len(self.rows)
        if not count:
            return _("还没有写下重点难点问题")
        if self.unsolved:
            words = ngettext(
                "%(count)d 条难点还没有解决方案", "%(count)d 条难点还没有解决方案", self.unsolved
            )
            return words % {"count": self.unsolved}
        words = ngettext("%(count)d 条难点都有了解决方案", "%(count)d 条难点都有了解决方案", count)
        return words % {"count": count}

    # --- findings to pick

    @property
    def search(self) -> str:
        return self.chosen.get("q", "").strip()[:100]

    @cached_property
    def candidates(self) -> list[Finding]:
        """Open, overdue and repeated findings of the specialty, what was linked left out."""
        found = candidates_of(self.seminar)
        for word in self.search.split():
            found = found.filter(Q(problem__icontains=word) | Q(project__name__icontains=word))
        return list(found.select_related("project", "campaign")[:FEW])

    def remarks(self, finding: Finding) -> list[str]:
        late = finding.days_late(at=self.at) if finding.due else 0
        words = [_("逾期 %(days)d 天") % {"days": late}] if late else []
        return words + ([_("重复出现")] if finding.is_repeat else [])

    @property
    def candidate_rows(self) -> list[tuple[Finding, list[str]]]:
        return [(finding, self.remarks(finding)) for finding in self.candidates]

    # --- handing in

    @cached_property
    def obligation(self) -> Obligation | None:
        return specialty_owes(self.seminar.campaign, SEMINAR, self.seminar.specialty)

    @property
    def may_hand_in(self) -> bool:
        return bool(
            self.seminar.closed_at
            and self.obligation
            and self.obligation.is_open
            and self.reader.has_perm("campaign.submit", self.obligation)
        )

    @cached_property
    def handed_in(self):
        return last_of(self.seminar, "hand_in_solutions")


def candidates_of(seminar: Seminar) -> QuerySet[Finding]:
    """Overdue ones first, then repeats, then the rest; `is_repeat` says so of each."""
    earlier = Finding.objects.opened().filter(
        project=OuterRef("project"),
        requirement__item__code=OuterRef("requirement__item__code"),
        requirement__number=OuterRef("requirement__number"),
        specialty=OuterRef("specialty"),
        opened_at__lt=OuterRef("opened_at"),
    )
    found = Finding.objects.opened().filter(campaign=seminar.campaign, specialty=seminar.specialty)
    found = found.annotate(is_repeat=Exists(earlier))
    found = found.filter(Q(rectified_at=None, verified_at=None) | Q(is_repeat=True))
    taken = Finding.objects.filter(seminar_problems__seminar=seminar)
    found = found.exclude(pk__in=taken.values("pk"))
    return found.order_by("-is_repeat", "due", "project__code", "position")


def today_or_first(campaign: Campaign, at: datetime):
    """A day to begin with: today, or the campaign's first where it is still to come."""
    first = min((phase.start for phase in campaign.phases.all()), default=local_day(at))
    return max(first, local_day(at))
