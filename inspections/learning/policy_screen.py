"""What the pages of policies show: the list with its filters, one policy in its versions."""

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign, Obligation
from inspections.handing_in import POLICIES, company_owes
from inspections.learning.policies import missing
from inspections.learning.prevention import Effect, effect
from inspections.models import Policy, PolicyVersion
from inspections.models.policies import DRAFT_READERS
from inspections.words import PolicyKind
from organization.clock import local_day
from organization.history import history_of
from organization.models import User
from organization.specialties import every_specialty
from organization.states import State

PAGE_SIZE = 30
# chip -> (word, which of the newest versions); what is in force depends on the day
TABS = {
    "all": (gettext_lazy("全部"), Q()),
    "in_force": (gettext_lazy("现行"), Q(holds__isnull=False)),
    "preventive": (gettext_lazy("事前干预"), Q(policy__is_preventive=True)),
    "waiting": (gettext_lazy("待批准"), Q(submitted_at__isnull=False, approved_at=None)),
    "draft": (gettext_lazy("草稿"), Q(submitted_at=None, approved_at=None)),
}
READERS_TABS = ("all", "in_force", "preventive")


@dataclass(frozen=True)
class PolicyRow:
    version: PolicyVersion
    state: State


class PolicyList:
    """The newest version that a reader may see of each policy, narrowed by the address."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, chosen: QueryDict):
        self.campaign, self.reader, self.at = campaign, reader, at
        self.writes = reader.has_role(*DRAFT_READERS)
        self.codes = tuple(TABS) if self.writes else READERS_TABS
        self.tab = chosen.get("show") if chosen.get("show") in self.codes else "all"
        self.specialties = every_specialty()
        wanted = chosen.get("specialty", "")
        self.specialty = next((each for each in self.specialties if each.code == wanted), None)
        self.kind = chosen.get("kind") if chosen.get("kind") in PolicyKind.values else ""
        self.search = chosen.get("q", "").strip()[:100]
        self.kinds = PolicyKind.choices

    @cached_property
    def newest(self) -> QuerySet[PolicyVersion]:
        """`holds` is the policy's version in force today, whichever the newest is."""
        mine = PolicyVersion.objects.visible_to(self.reader).filter(policy=OuterRef("policy"))
        today = local_day(self.at)
        holding = mine.filter(approved_at__isnull=False, in_force_from__lte=today)
        return PolicyVersion.objects.annotate(
            newest=Subquery(mine.order_by("-number").values("pk")[:1]),
            holds=Subquery(holding.order_by("-number").values("pk")[:1]),
        ).filter(pk=F("newest"))

    def narrowed(self) -> QuerySet[PolicyVersion]:
        found = self.newest
        if self.specialty:
            found = found.filter(policy__specialty=self.specialty)
        if self.kind:
            found = found.filter(policy__kind=self.kind)
        for word in self.search.split():
            found = found.filter(Q(title__icontains=word) | Q(text__icontains=word))
        return found

    @cached_property
    def counts(self) -> dict[str, int]:
        numbers = {code: Count("pk", filter=TABS[code][1]) for code in self.codes}
        return self.narrowed().aggregate(**numbers)

    @property
    def tabs(self) -> list[tuple[str, object, int, bool]]:
        return [(code, TABS[code][0], self.counts[code], code == self.tab) for code in self.codes]

    def page(self, number) -> Page:
        found = self.narrowed().filter(TABS[self.tab][1])
        found = found.select_related("policy__specialty", "campaign", "approved_by")
        found = found.order_by("-created_at", "-pk")
        page = Paginator(found, PAGE_SIZE).get_page(number)
        page.object_list = [
            PolicyRow(each, each.state(at=self.at, holds=each.holds == each.pk)) for each in page
        ]
        return page

    @property
    def answer(self) -> str:
        waiting = self.counts.get("waiting", 0)
        if waiting:
            words = ngettext("%(count)d 份制度待批准", "%(count)d 份制度待批准", waiting)
            return words % {"count": waiting}
        count = self.counts["in_force"]
        if count:
            words = ngettext("%(count)d 份现行制度", "%(count)d 份现行制度", count)
            return words % {"count": count}
        return _("还没有现行制度")

    @cached_property
    def obligation(self) -> Obligation | None:
        return company_owes(self.campaign, POLICIES)

    @property
    def may_hand_in(self) -> bool:
        return bool(
            self.obligation
            and self.obligation.is_open
            and self.reader.has_perm("campaign.submit", self.obligation)
        )


class PolicyScreen:
    """One policy, one of its versions open."""

    def __init__(self, policy: Policy, campaign: Campaign, reader: User, at: datetime, wanted: str):
        self.policy, self.campaign, self.reader, self.at = policy, campaign, reader, at
        seen = PolicyVersion.objects.visible_to(reader).filter(policy=policy)
        people = ("created_by", "submitted_by", "approved_by", "returned_by", "file", "campaign")
        self.versions = list(seen.select_related(*people).order_by("-number"))
        self.version = self.chosen(wanted)
        self.version.policy = policy
        writes = reader.has_perm("inspections.write_policy")
        stage = self.version.stage
        self.may_edit = writes and stage in ("draft", "returned")
        self.may_revise = writes and self.versions[0].stage == "approved"
        decides = stage == "waiting" and reader.has_perm("inspections.decide_policy", self.version)
        self.may_decide = bool(decides)

    def chosen(self, wanted: str) -> PolicyVersion:
        """The version asked for, else the one that matters: in force, or newest for who writes."""
        for version in self.versions:
            if wanted == str(version.number):
                return version
        if self.reader.has_role(*DRAFT_READERS):
            return self.versions[0]
        return next((v for v in self.versions if v.pk == self.holds), self.versions[0])

    @cached_property
    def holds(self) -> int | None:
        """Which version is in force today."""
        today = local_day(self.at)
        held = [v for v in self.versions if v.approved_at and v.in_force_from <= today]
        return held[0].pk if held else None

    def state_of(self, version: PolicyVersion) -> State:
        return version.state(at=self.at, holds=version.pk == self.holds)

    @property
    def state(self) -> State:
        return self.state_of(self.version)

    @property
    def steps(self) -> list[tuple[PolicyVersion, State]]:
        return [(version, self.state_of(version)) for version in self.versions]

    @cached_property
    def kinds(self) -> list:
        return list(self.version.prevents.select_related("specialty"))

    @cached_property
    def effect(self) -> Effect | None:
        return effect(self.version) if self.kinds else None

    @cached_property
    def missing(self) -> list[str]:
        return missing(self.version)

    @cached_property
    def difference(self) -> list[tuple[str, str]]:
        """What changed since the version before, paragraph by paragraph; nothing of the first."""
        older = [v for v in self.versions if v.number < self.version.number]
        return difference(older[0].text, self.version.text) if older else []

    @cached_property
    def story(self):
        return history_of(self.version).exclude(verb="edit_policy")


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """("same" | "gone" | "new", paragraph), the gone ones before what came in their place."""
    before, after = old.splitlines(), new.splitlines()
    found: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found += [("same", line) for line in after[c:d]]
        else:
            found += [("gone", line) for line in before[a:b]]
            found += [("new", line) for line in after[c:d]]
    return [(mark, line) for mark, line in found if line.strip()]
