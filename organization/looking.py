"""Administrators look at the product as somebody else sees it: to look only, on record.

The session stays the administrator's. organization.middleware lets nothing be written meanwhile,
neither by a form nor by opening a page, so that nobody reads, answers, submits or signs in
another's name.
"""

import re
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.errors import Refused
from organization.history import record
from organization.models import User
from organization.roles import PROJECT_ROLES, Role

VERBS = {
    "look_as": gettext_lazy("以其身份查看"),
    "look_end": gettext_lazy("结束以其身份查看"),
}
LOOKING = "looking"  # in the session: whose pages, and since when
LONGEST = timedelta(minutes=30)
SHORTEST_REASON = 4
MOST_NAMED = 8
# Whoever decides results or sees everybody's amounts is not looked at.
ROLES = PROJECT_ROLES | {Role.SPECIALTY_LEAD}
# Pages that are a person's alone: keys, messages, amounts. The apps add theirs.
CLOSED = {
    "my_password", "my_factors", "my_sessions", "my_tokens", "my_data", "second_step",
    "confirm",
}  # fmt: skip
WRITES = re.compile(r'\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b[^"]*"(\w+)"', re.IGNORECASE)
# what the administrator's own session keeps
OWN = {"django_session", "organization_signedin"}


@transaction.atomic
def look_as(*, session, username: str, reason: str, by: User, at: datetime) -> User:
    """Begin to look as somebody, for half an hour at most. One record: who, as whom, why.

    `username` may be a person's name as well. Raises Refused (with the field) for nobody or
    several by this name, for who is not looked at, and without a reason.
    """
    person = called(username.strip())
    if not may_be_looked_at(person):
        sentence = _("公司领导、管理中心和系统管理员的页面不能代看。")
        raise Refused(sentence, code="not_looked_at", field="username")
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Refused(_("请写明原因，至少 4 个字。"), code="reason", field="reason")
    record(on=person, verb="look_as", by=by, at=at, reason=reason)
    session[LOOKING] = [person.pk, at.timestamp()]
    return person


def called(words: str) -> User:
    """Who has this username, or else alone this name. Of several, Refused tells their usernames."""
    active = User.objects.filter(is_active=True)
    if person := active.filter(username=words).first():
        return person
    people = list(active.filter(name=words).order_by("username")[: MOST_NAMED + 1]) if words else []
    if not people:
        raise Refused(_("没有这个用户名或姓名，或账号已停用。"), code="nobody", field="username")
    if len(people) == 1:
        return people[0]
    named = _("、").join(introduced(person) for person in people[:MOST_NAMED])
    if len(people) > MOST_NAMED:
        named = _("%(names)s等") % {"names": named}
    sentence = _("不止一个人叫“%(name)s”，请填用户名：%(names)s。")
    raise Refused(sentence % {"name": words, "names": named}, code="several", field="username")


def introduced(person: User) -> str:
    posts = _("、").join(str(post) for post in person.current_posts)
    return f"{person.username}（{posts}）" if posts else person.username


def may_be_looked_at(person: User) -> bool:
    return bool(person.roles) and person.roles <= ROLES and not person.is_superuser


@transaction.atomic
def look_end(*, session, by: User, at: datetime) -> None:
    """Back to oneself. One record, if anybody was looked at."""
    person = User.objects.filter(pk=session.pop(LOOKING, [0])[0]).first()
    if person:
        record(on=person, verb="look_end", by=by, at=at)


def looked_at(*, session, by: User, at: datetime) -> User | None:
    """As whom this session looks now: nobody after half an hour, or once either of the two is
    no longer who may.
    """
    pk, since = session.get(LOOKING, (0, 0))
    person = User.objects.filter(pk=pk, is_active=True).first() if pk else None
    is_over = at.timestamp() - since > LONGEST.total_seconds()
    if person is None or is_over or not by.has_perm("organization.look_as"):
        return None
    return person if may_be_looked_at(person) else None


def only_looking(execute, sql, params, many, context):
    """Refuses to write whatever a page would note in the other's name, such as that it was read."""
    found = WRITES.match(sql)
    if found and found[1] not in OWN:
        raise PermissionDenied(f"only looking: {found[1]}")
    return execute(sql, params, many, context)
