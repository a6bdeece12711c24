"""The roles in their order of rank (domain.md, table "Roles")."""

from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.lists import fold, vocabulary


class Role(models.TextChoices):
    """A post's role; the order of the members is the order of rank."""

    PRESIDENT = "president", _("总经理")
    EXECUTIVE = "executive", _("公司领导")
    MANAGEMENT_CENTER = "management_center", _("管理中心")
    SPECIALTY_LEAD = "specialty_lead", _("专业负责人")
    PROJECT_MANAGER = "project_manager", _("项目经理")
    DEPUTY_PROJECT_MANAGER = "deputy_project_manager", _("项目副经理")
    DEPARTMENT_HEAD = "department_head", _("部门主任")
    TEAM_LEADER = "team_leader", _("班组长")
    EMPLOYEE = "employee", _("员工")
    ADMINISTRATOR = "administrator", _("系统管理员")

    @property
    def rank(self) -> int:
        """0 for the highest; of one person's posts the lowest number counts (ruling 10)."""
        return list(Role).index(self)

    @property
    def is_company(self) -> bool:
        return self in COMPANY_ROLES


COMPANY_ROLES = frozenset(
    {
        Role.PRESIDENT,
        Role.EXECUTIVE,
        Role.MANAGEMENT_CENTER,
        Role.SPECIALTY_LEAD,
        Role.ADMINISTRATOR,
    }
)
PROJECT_ROLES = frozenset(set(Role) - COMPANY_ROLES)
PROJECT_LEADERS = frozenset({Role.PROJECT_MANAGER, Role.DEPUTY_PROJECT_MANAGER})

# What an import may call them; the company's own files use several words for one role.
ROLE_WORDS = {
    "总经理": Role.PRESIDENT,
    "公司领导": Role.EXECUTIVE,
    "副总经理": Role.EXECUTIVE,
    "管理中心": Role.MANAGEMENT_CENTER,
    "专业负责人": Role.SPECIALTY_LEAD,
    "专业口": Role.SPECIALTY_LEAD,
    "项目经理": Role.PROJECT_MANAGER,
    "工程经理": Role.PROJECT_MANAGER,
    "副经理": Role.DEPUTY_PROJECT_MANAGER,
    "项目副经理": Role.DEPUTY_PROJECT_MANAGER,
    "部门主任": Role.DEPARTMENT_HEAD,
    "部门副主任": Role.DEPARTMENT_HEAD,
    "主任": Role.DEPARTMENT_HEAD,
    "副主任": Role.DEPARTMENT_HEAD,
    "班组长": Role.TEAM_LEADER,
    "班长": Role.TEAM_LEADER,
    "领班": Role.TEAM_LEADER,
    "员工": Role.EMPLOYEE,
    "系统管理员": Role.ADMINISTRATOR,
}


@cache
def _role_words() -> dict[str, str]:
    return vocabulary(Role, ROLE_WORDS)


def role_named(word: str) -> Role | None:
    """The role that a code or one of its names in either language means; None if there is none."""
    code = _role_words().get(fold(word))
    return Role(code) if code else None
