"""Who is told of an appeal: who decides it, then the project and whoever saw the fault."""

from datetime import datetime

from django.utils.translation import gettext as _

from campaign.lifecycle import people_with
from campaign.telling import tell
from inspections.models import Appeal
from inspections.permissions import appeals
from organization.models import Post, User
from organization.roles import PROJECT_LEADERS, Role
from organization.templatetags.ui import points


def deciding(appeal: Appeal) -> list[User]:
    """The center without those who saw the fault; where nobody is left of it, the executives."""
    saw = set(appeal.contested.values_list("by", flat=True))
    center = people_with(Role.MANAGEMENT_CENTER).exclude(pk__in=saw)
    return list(center) or list(people_with(Role.EXECUTIVE).exclude(pk__in=saw))


def concerned(appeal: Appeal) -> list[User]:
    """Who may appeal for the project, who did, and the auditors."""
    posts = Post.objects.current().of(*PROJECT_LEADERS).filter(user__is_active=True)
    found = [post.user for post in posts.filter(project=appeal.project).select_related("user")]
    leaders = [user for user in found if appeals(user, appeal.sheet)]
    auditors = User.objects.filter(pk__in=appeal.contested.values("by"), is_active=True)
    own = [appeal.made_by] if appeal.made_by else []
    return list(dict.fromkeys([*leaders, *own, *auditors]))


def tell_made(appeal: Appeal, *, at: datetime) -> None:
    """Urgent: a clock runs, and the settlement waits."""
    tell(
        people=deciding(appeal),
        occurrence="made",
        title=lambda: _("新的申诉：%(appeal)s") % {"appeal": appeal},
        body=appeal.reason,
        urgent=True,
        **known(appeal, at),
    )


def tell_decided(appeal: Appeal, *, at: datetime) -> None:
    """Urgent: a score moves money."""
    tell(
        people=concerned(appeal),
        occurrence="decided",
        title=lambda: decided_title(appeal),
        body=appeal.decision,
        urgent=True,
        **known(appeal, at),
    )


def decided_title(appeal: Appeal) -> str:
    words = {"appeal": appeal, "outcome": appeal.state()}
    if not appeal.changed:
        return _("申诉决定：%(outcome)s，%(appeal)s") % words
    words |= {"before": points(appeal.stood), "after": points(appeal.costs)}
    return _("申诉决定：扣分由 %(before)s 改为 %(after)s，%(appeal)s") % words


def known(appeal: Appeal, at: datetime) -> dict:
    return {
        "campaign": appeal.sheet.campaign,
        "thing": appeal.thing,
        "url": appeal.get_absolute_url(),
        "at": at,
    }
