"""A list's filters stand in its address; a saved view is such an address with a name.

They are one's own and change nothing for anybody else, so they leave no history.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from organization.errors import Refused
from organization.models import SavedView, User
from organization.prepared import prepared

MOST = 20  # a person's views of one page
NOT_KEPT = ("page", "surveys", "view_name")  # which page of a list one happened to be on


def views_of(user: User, page: str) -> list[SavedView]:
    """One's own views of a page, the oldest first; one query."""
    return kept(user=user.pk, page=page)


def of_page(*, user, page) -> QuerySet[SavedView]:
    return SavedView.objects.filter(user__pk=user, page=page)


kept = prepared(of_page, {"user": User._meta.pk, "page": SavedView._meta.get_field("page")})


def keep_view(*, user: User, page: str, name: str, query: str, at: datetime) -> SavedView:
    """Keep an address's filters under a name; the same name again means the new filters.

    Raises Refused (field "name") without a name or with one that is too long, without a filter,
    and beyond 20 views of a page.
    """
    name, query = " ".join(name.split()), tidy(query)
    if not name:
        raise Refused(_("给这个筛选起个名字。"), code="blank", field="name")
    if len(name) > SavedView._meta.get_field("name").max_length:
        raise Refused(_("名字太长，最多 40 个字。"), code="long", field="name")
    if not query or len(query) > SavedView._meta.get_field("query").max_length:
        raise Refused(_("先选好筛选条件，再保存。"), code="no_filter", field="name")
    mine = SavedView.objects.filter(user=user, page=page)
    if mine.exclude(name=name).count() >= MOST:
        raise Refused(
            _("最多保存 %(most)d 个筛选，请先删掉几个。") % {"most": MOST},
            code="many",
            field="name",
        )
    kept, _made = SavedView.objects.update_or_create(
        user=user, page=page, name=name, defaults={"query": query, "created_at": at}
    )
    return kept


def drop_view(*, user: User, pk: int) -> None:
    """Forget one of one's own; what is gone already, or somebody else's, is left as it is."""
    SavedView.objects.filter(user=user, pk=pk).delete()


def tidy(query: str) -> str:
    """The filters of an address without the page of the list, and without empty ones."""
    asked, kept = QueryDict(query), QueryDict(mutable=True)
    for key, values in asked.lists():
        filled = [value for value in values if value.strip()]
        if filled and key not in NOT_KEPT:
            kept.setlist(key, filled)
    return kept.urlencode()
