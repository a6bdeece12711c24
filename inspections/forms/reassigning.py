"""Who is responsible from now on, and why; for one finding or for several at once."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.forms.findings import text_area
from inspections.forms.plans import TEXT_LIMIT, PersonField
from organization.models import Post, Project, User
from organization.roles import Role


class ReassignForm(forms.Form):
    """The people of the findings' projects; who may take which is decided move by move."""

    responsible = PersonField(User.objects.none(), label=_("改由谁负责"), empty_label=_("选一个人"))
    reason = forms.CharField(label=_("为什么改派"), max_length=TEXT_LIMIT, widget=text_area(3))

    def __init__(self, *args, projects: Sequence[Project], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["responsible"]
        field.places = places_in(projects)
        field.queryset = User.objects.filter(pk__in=field.places)
        field.widget.attrs["class"] = "form-select"
        field.error_messages["invalid_choice"] = _(
            "这个人不在项目里（可能已经离开），请另选一个人。"
        )


def places_in(projects: Sequence[Project]) -> dict[int, str]:
    """Person -> posts, with the project where there are several; one query."""
    posts = Post.objects.current().filter(project__in=projects, user__is_active=True)
    found: dict[int, list[str]] = {}
    for post in sorted(posts.select_related("project"), key=lambda post: Role(post.role).rank):
        place = [str(post.project)] if len(projects) > 1 else []
        words = filter(None, [*place, post.department, post.get_role_display()])
        found.setdefault(post.user_id, []).append(" ".join(words))
    return {person: _("、").join(places) for person, places in found.items()}
