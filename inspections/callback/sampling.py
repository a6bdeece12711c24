"""Drawing the customers of a visit, and whose turn it is when somebody can't be reached."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from campaign.seals import seal
from inspections.audit_visit.observing import require_under_way
from inspections.callback.drawing import Place, drawn
from inspections.callback.questionnaire import in_use
from inspections.callback.terms import terms_of
from inspections.callback.words import CallOutcome
from inspections.models import AuditVisit, Call, CallbackSample, Callee, Customer
from inspections.moves import person
from inspections.words import Method
from organization.errors import Refused
from organization.history import record


@transaction.atomic
def draw_customers(
    *, visit: AuditVisit, by, at: datetime, seed: str | None = None
) -> CallbackSample:
    """Draw whom this visit calls, once. `seed` is for repeating a draw; otherwise it is chance.

    Refused unless the visit is a call-back under way and `by` one of its auditors, before there
    is a questionnaire, for a project without customers, and a second time.
    """
    require_calls(visit, by)
    if CallbackSample.objects.filter(visit=visit).exists():
        raise Refused(_("这次回访已经抽过客户，不能重抽。"), code="drawn")
    questionnaire = in_use(visit.campaign)
    if questionnaire is None:
        raise Refused(_("管理中心还没有写好回访问卷。"), code="no_questions")
    seed = seed or secrets.token_hex(16)
    order = drawn(frame_of(visit), seed)
    if not order:
        raise Refused(_("这个项目还没有客户名单，请管理中心先导入。"), code="no_customers")
    terms = terms_of(visit.campaign)
    sample = CallbackSample.objects.create(
        visit=visit, questionnaire=questionnaire, seed=seed, size=terms.size, tries=terms.tries,
        order=order, drawn_at=at, drawn_by=person(by),
    )  # fmt: skip
    count = take_turns(sample, 0, terms.size)
    asked = sum(1 for place in order if place[2])
    tally = {"listed": len(order), "drawn": count, "called_before": asked}
    record(on=visit, verb="draw_customers", by=by, at=at, seed=seed, **tally)
    seal(visit.campaign, "callbacks", about=str(visit.pk), at=at)
    return sample


def require_calls(visit: AuditVisit, by) -> None:
    """The visit, locked, is a call-back under way, and `by` was sent on it; else Refused."""
    require_under_way(visit, by)
    if visit.method != Method.CUSTOMER_CALLBACK:
        raise Refused(_("这次检查不是客户回访。"), code="method")


def frame_of(visit: AuditVisit) -> list[Place]:
    """The project's list as it stands; no place of it says who somebody is."""
    listed = Customer.objects.listed().filter(campaign=visit.campaign, project=visit.project)
    before = called_last(visit)
    rows = listed.order_by("number").values_list("pk", "number", "kind")
    return [(number, kind, pk in before) for pk, number, kind in rows]


def called_last(visit: AuditVisit) -> set[int]:
    """Whom the project's call-back before this one called, whatever came of it."""
    earlier = CallbackSample.objects.filter(
        visit__campaign=visit.campaign, visit__project=visit.project
    )
    last = earlier.exclude(visit=visit).order_by("-drawn_at", "-pk").first()
    if last is None:
        return set()
    calls = Call.objects.filter(callee__sample=last)
    return set(calls.values_list("callee__customer", flat=True))


def take_turns(sample: CallbackSample, after: int, count: int) -> int:
    """The next so many of the order, passing over who was erased meanwhile; how many there were."""
    visit, found = sample.visit, []
    rest = sample.order[after:]
    listed = Customer.objects.listed().filter(campaign=visit.campaign, project=visit.project)
    standing = dict(listed.values_list("number", "pk"))
    for place, (number, _kind, _asked) in enumerate(rest, after + 1):
        if len(found) == count:
            break
        if number in standing:
            found.append(Callee(sample=sample, customer_id=standing[number], place=place))
    Callee.objects.bulk_create(found)
    return len(found)


def replace_lost(sample: CallbackSample, *, by, at: datetime, place: int) -> None:
    """For each who was not reached the next of the order, as long as there is one."""
    missed = Q(calls__correction=None, calls__outcome=CallOutcome.NOT_REACHED)
    tried = sample.callees.filter(missed).order_by().annotate(tries=Count("calls"))
    lost = tried.filter(tries__gte=sample.tries).count()
    places = list(sample.callees.values_list("place", flat=True))
    if len(places) < sample.size + lost and take_turns(sample, max(places), 1):
        record(on=sample.visit, verb="replace_customer", by=by, at=at, place=place)
