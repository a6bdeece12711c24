"""A page of the files on record that an obligation may use again."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from campaign.models import Campaign, Evidence, Obligation
from campaign.words import EvidenceKind
from organization.models import Project, Specialty, User
from organization.prepared import prepared

PER_PAGE = 20


@dataclass(frozen=True)
class Reader:
    """What it hangs on of somebody which obligations they see."""

    sees_company: bool
    project_ids: list


@dataclass(frozen=True)
class Subject:
    """A project, a specialty, or (neither) the company."""

    project_id: object
    specialty_id: object


def on_record(obligation: Obligation, user: User) -> QuerySet[Evidence]:
    """Files of the same project, specialty or company that this one may use again, newest first.

    Its own too: one scan may be minutes and sign-in sheet at once.
    """
    found = Evidence.objects.standing().visible_to(user).of_subject(obligation)
    return found.order_by("-added_at", "-pk")


class OnRecord:
    """The same for a page, narrowed by words and a kind; slices alone are read."""

    def __init__(self, obligation: Obligation, user: User, q: str = "", kind: str = ""):
        self.obligation, self.user, self.q = obligation, user, q
        self.kind = kind if kind in EvidenceKind.values else ""
        company = user.sees_company
        self.about = {
            "project": obligation.project_id or 0,
            "specialty": obligation.specialty_id or 0,
            "projects": () if company else tuple(sorted(user.project_ids)),
            "of": tuple(bool(x) for x in (obligation.project_id, obligation.specialty_id)),
            "company": company,
        }

    def __len__(self) -> int:
        if self.is_narrowed:
            return self.narrowed.count()
        return next(iter(numbers(**self.about)), (0,))[0]

    def __getitem__(self, part: slice) -> list[Evidence]:
        if self.is_narrowed or part.start:  # of which each would be a statement of its own
            rows = list(shown(self.narrowed)[part])
        else:
            rows = first_of(**self.about)[: part.stop]
        self.know_campaigns(rows)
        return rows

    def know_campaigns(self, rows: list[Evidence]) -> None:
        """Mostly the obligation's own."""
        known = {self.obligation.campaign_id: self.obligation.campaign}
        if others := {row.obligation.campaign_id for row in rows} - known.keys():
            known |= Campaign.objects.in_bulk(others)
        for row in rows:
            row.obligation.campaign = known[row.obligation.campaign_id]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.kind)

    @property
    def narrowed(self) -> QuerySet[Evidence]:
        found = on_record(self.obligation, self.user)
        if self.q:
            words = Q(file__name__icontains=self.q)
            found = found.filter(words | Q(obligation__milestone__title__icontains=self.q))
        return found.filter(kind=self.kind) if self.kind else found


def shown(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    return rows.select_related("file", "added_by", "obligation__milestone")


def visible(*, project, specialty, projects, of, company: bool) -> QuerySet[Evidence]:
    """`of` says whether the subject is a project, and whether it is a specialty."""
    subject = Subject(project if of[0] else None, specialty if of[1] else None)
    return on_record(subject, Reader(company, projects))


def counting(**about) -> QuerySet[Evidence]:
    rows = visible(**about).order_by().values("withdrawn_at")  # which none of them is: one group
    return rows.annotate(n=Count("pk")).values_list("n")


def first_files(**about) -> QuerySet[Evidence]:
    return shown(visible(**about))[:PER_PAGE]


FIELDS = {
    "project": Project._meta.pk,
    "specialty": Specialty._meta.pk,
    "projects": Project._meta.pk,
}
numbers, first_of = prepared(counting, FIELDS), prepared(first_files, FIELDS)
