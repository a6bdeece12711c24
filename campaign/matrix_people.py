"""Who is in charge of what the filing matrix shows, and what is found by their names."""

from collections.abc import Collection, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.matrix_ask import OF_GROUP
from campaign.words import Scope
from organization.models import Post, Specialty
from organization.roles import Role

# Whose name stands beside a subject: the manager, the lead, the center.
IN_CHARGE = {
    Role.PROJECT_MANAGER: "project",
    Role.SPECIALTY_LEAD: "specialty",
    Role.MANAGEMENT_CENTER: "",
}
CENTER = _("管理中心")


def named(text: str) -> Q:
    """Of a subject with this in its name or code, or in charge of somebody so called."""
    posts = Post.objects.current().of(*IN_CHARGE).filter(user__name__icontains=text)
    managers = posts.of(Role.PROJECT_MANAGER).values("project")
    leads = posts.of(Role.SPECIALTY_LEAD).values("specialty")
    found = (
        Q(project__name__icontains=text)
        | Q(project__code__icontains=text)
        | Q(specialty__in=Specialty.objects.filter(name__icontains=text))
        | Q(project__in=managers)
        | Q(specialty__in=leads)
    )
    if text in str(CENTER) or posts.of(Role.MANAGEMENT_CENTER).exists():
        found |= OF_GROUP[Scope.COMPANY]
    return found


def people_in_charge(projects: Collection[int] | None) -> dict[tuple, list[str]]:
    """Names by place (project, specialty), the center's is (None, None); managers of these
    projects, or of all.
    """
    posts = Post.objects.current().filter(user__is_active=True)
    wanted = posts.of(Role.SPECIALTY_LEAD, Role.MANAGEMENT_CENTER)
    managers = posts.of(Role.PROJECT_MANAGER)
    if projects is not None:
        managers = managers.filter(project__in=projects)
    names: dict[tuple, list[str]] = {}
    found = (wanted | managers).order_by("user__username")
    for role, *place, name in found.values_list("role", "project_id", "specialty_id", "user__name"):
        where = {"project": (place[0], None), "specialty": (None, place[1]), "": (None, None)}
        names.setdefault(where[IN_CHARGE[Role(role)]], []).append(name)
    return names


def some(names: Sequence[str]) -> str:
    """Two names, and that there are more."""
    shown = str(_("、")).join(names[:2])
    return str(_("%(names)s等") % {"names": shown}) if len(names) > 2 else shown
