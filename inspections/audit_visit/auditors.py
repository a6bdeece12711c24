"""Who may go on an audit visit, and which projects each keeps away from."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from campaign.owed import holders
from organization.errors import Refused
from organization.models import Post, Project, User
from organization.roles import Role

MOST_AUDITORS = 4


def possible_auditors():
    """The center's people and the leads of specialties (ruling: who audits on a rubric)."""
    ids = holders(Role.MANAGEMENT_CENTER, Role.SPECIALTY_LEAD)
    return User.objects.filter(pk__in=ids).order_by("username")


def own_projects(people: Iterable[User]) -> dict[int, set[int]]:
    """The projects that these people have or ever had a post in, by the person's id."""
    found: dict[int, set[int]] = {person.pk: set() for person in people}
    posts = Post.objects.filter(user__in=found, project__isnull=False)
    for user, project in posts.values_list("user", "project"):
        found[user].add(project)
    return found


def check_auditors(people: Iterable[User], projects: Iterable[Project] = ()) -> None:
    """Refused for nobody, for somebody who does not audit, and at an own project, past or now."""
    chosen = list(people)
    if not chosen:
        raise Refused(_("至少选一位检查人。"), code="nobody", field="auditors")
    allowed = set(possible_auditors().values_list("pk", flat=True))
    if strangers := [person for person in chosen if person.pk not in allowed]:
        message = _("%(people)s不是检查人。") % {"people": names_of(strangers)}
        raise Refused(message, code="no_auditor", field="auditors")
    wanted = {project.pk: project for project in projects}
    own = own_projects(chosen)
    for person in chosen:
        if held := own[person.pk] & wanted.keys():
            words = {"person": person, "project": wanted[min(held)]}
            message = _("%(person)s在%(project)s任过职，不能去检查。") % words
            raise Refused(message, code="own_project", field="auditors")


def names_of(people: Iterable) -> str:
    return _("、").join(map(str, people))
