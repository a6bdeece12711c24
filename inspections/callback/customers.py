"""Customers of a campaign's projects: imported, brought up to date, erased. Always sealed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.callback.customer_list import CUSTOMERS, Entry, entries_of
from inspections.callback.forgotten import forgotten, remember
from inspections.callback.terms import terms_of
from inspections.models import Customer, CustomerUpload
from inspections.moves import lock
from organization.digests import fingerprint
from organization.errors import Conflict, Refused
from organization.history import record
from organization.list_file import read_list
from organization.vault import marks_of, reseal, seal, unseal

BATCH = 500
UPLOAD_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class CustomerPlan:
    """What a list would do; nothing is written yet."""

    added: list[Entry] = field(default_factory=list)
    changed: list[tuple[Customer, Entry]] = field(default_factory=list)
    unchanged: list[Customer] = field(default_factory=list)
    # whose owners asked to be erased, and who stay so
    left_out: list[Entry] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """Differs when the list would do something else by now."""
        changed = sorted(customer.pk for customer, _entry in self.changed)
        same = sorted(customer.pk for customer in self.unchanged)
        told = (len(self.added), changed, same, len(self.left_out))
        return fingerprint(repr(told))[:32]


# --- from a file to a list that waits ----------------------------------------------------------


def keep_customers(*, campaign: Campaign, upload, by, at: datetime) -> CustomerUpload:
    """Read a list that could be taken as it is and keep its rows sealed; the file is not kept.

    Raises ListRefused naming every bad cell, Refused for a list without rows.
    """
    rows = read_list(upload, CUSTOMERS).rows
    if not rows:
        raise Refused(_("表里没有客户。"), code="empty")
    entries = entries_of(campaign, rows)
    kept = [[e.project, e.phone, e.name, e.unit, e.kind] for e in entries]
    return CustomerUpload.objects.create(
        campaign=campaign,
        name=upload.name[-200:],
        sealed=seal(json.dumps(kept, ensure_ascii=False)),
        uploaded_by=by,
        uploaded_at=at,
    )


def preview(upload: CustomerUpload) -> CustomerPlan:
    """What confirming would do by now; Refused for a list that is not kept any more."""
    if not upload.sealed:
        raise Refused(_("这份名单已经导入或过期，请重新上传。"), code="gone")
    return plan_of(upload.campaign, [Entry(*each) for each in json.loads(unseal(upload.sealed))])


@transaction.atomic
def confirm_customers(*, upload: CustomerUpload, by, at: datetime, seen: str = "") -> CustomerPlan:
    """Take all of it. `seen` is the mark of the plan that the reader saw: Conflict where it would
    do something else by now. Refused a second time.
    """
    campaign = Campaign.objects.select_for_update().get(pk=upload.campaign_id)
    lock(upload)
    upload.campaign = campaign
    plan = preview(upload)
    if seen and seen != plan.mark:
        raise Conflict(_("您核对之后，名单里有了变化。请再看一遍。"), theirs=upload)
    write(campaign, plan, by=by, at=at)
    upload.sealed, upload.imported_at = "", at
    upload.save(update_fields=["sealed", "imported_at"])
    return plan


def plan_of(campaign: Campaign, entries: Sequence[Entry]) -> CustomerPlan:
    """The same customer is known by the number, under whichever key it was kept.

    Whoever asked to be erased is left out, in whatever list of whatever project.
    """
    joined = set(campaign.participations.values_list("project", flat=True))
    if gone := {entry.project for entry in entries} - joined:
        message = _("名单里有 %(count)d 个项目已经不参加这次专项工作。") % {"count": len(gone)}
        raise Refused(message, code="no_part")
    listed = Customer.objects.listed().filter(campaign=campaign)
    listed = listed.filter(project__in={entry.project for entry in entries})
    held = {(each.project_id, each.mark): each for each in listed}
    plan, gone = CustomerPlan(), forgotten(entry.phone for entry in entries)
    for entry in entries:
        if entry.phone in gone:
            plan.left_out.append(entry)
            continue
        marks = marks_of(entry.phone)
        known = next((k for m in marks if (k := held.get((entry.project, m)))), None)
        if known is None:
            plan.added.append(entry)
        elif says_the_same(known, entry):
            plan.unchanged.append(known)
        else:
            plan.changed.append((known, entry))
    return plan


def says_the_same(known: Customer, entry: Entry) -> bool:
    """One that no key opens any more is written anew."""
    try:
        return known.secret == entry.secret and known.kind == entry.kind
    except Refused:
        return False


def write(campaign: Campaign, plan: CustomerPlan, *, by, at: datetime) -> None:
    Customer.objects.bulk_create(made(campaign, plan.added, at), batch_size=BATCH)
    changed = [brought_up_to_date(customer, entry, at) for customer, entry in plan.changed]
    Customer.objects.bulk_update(changed, ["kind", "sealed", "mark", "listed_at"], batch_size=BATCH)
    same = [customer.pk for customer in plan.unchanged]
    for start in range(0, len(same), BATCH):
        found = Customer.objects.filter(pk__in=same[start : start + BATCH])
        found.update(listed_at=at)
    tally = {"added": len(plan.added), "changed": len(changed), "unchanged": len(same)}
    tally["left_out"] = len(plan.left_out)
    record(on=campaign, verb="import_customers", by=by, at=at, **tally)


def made(campaign: Campaign, entries: Sequence[Entry], at: datetime) -> Iterable[Customer]:
    """New customers, each with the next number of its project; none is given twice."""
    held = Customer.objects.filter(campaign=campaign).order_by()
    last = dict(held.values_list("project").annotate(Max("number")))
    for entry in entries:
        last[entry.project] = last.get(entry.project, 0) + 1
        customer = Customer(campaign=campaign, project_id=entry.project, number=last[entry.project])
        yield brought_up_to_date(customer, entry, at)


def brought_up_to_date(customer: Customer, entry: Entry, at: datetime) -> Customer:
    customer.kind, customer.listed_at = entry.kind, at
    customer.sealed = seal(json.dumps(entry.secret, ensure_ascii=False))
    customer.mark = marks_of(entry.phone)[0]
    return customer


# --- erasing, and new keys ---------------------------------------------------------------------


@transaction.atomic
def forget_customer(*, customer: Customer, by, at: datetime) -> None:
    """Erase one customer at once, as anybody may ask of us, wherever else the number stands too.

    A keyed hash stays, so that later lists leave the number out. One record for each place.
    Refused when it was done before.
    """
    # no list is taken meanwhile, in any campaign
    list(Campaign.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    lock(customer)
    if customer.erased_at:
        raise Refused(_("这位客户的资料已经删除。"), code="erased")
    marks = {customer.mark}
    if phone := number_of(customer):
        remember(phone, at=at)
        marks |= set(marks_of(phone))
    found = Customer.objects.listed().filter(mark__in=marks)
    for each in found.select_related("campaign", "project").order_by("pk"):
        detail = {"number": each.number, "project": each.project.code}
        erase(Customer.objects.filter(pk=each.pk), at=at)
        record(on=each.campaign, verb="forget_customer", by=by, at=at, **detail)


def number_of(customer: Customer) -> str:
    """In clear; empty where no key opens it any more."""
    try:
        return customer.secret["phone"]
    except Refused:
        return ""


def erase_due(*, by, at: datetime) -> int:
    """Erase what was kept for as many days as its campaign sets; how many customers that were.

    Lists that nobody confirmed go after a day.
    """
    waiting = CustomerUpload.objects.exclude(sealed="")
    waiting.filter(uploaded_at__lt=at - UPLOAD_KEPT).update(sealed="")
    holders = Customer.objects.listed().order_by().values("campaign").distinct()
    return sum(
        erase_old(campaign, by=by, at=at) for campaign in Campaign.objects.filter(pk__in=holders)
    )


@transaction.atomic
def erase_old(campaign: Campaign, *, by, at: datetime) -> int:
    days = terms_of(campaign).days
    listed = Customer.objects.listed().filter(campaign=campaign)
    count = erase(listed.filter(listed_at__lt=at - timedelta(days=days)), at=at)
    if count:
        record(on=campaign, verb="erase_customers", by=by, at=at, count=count, days=days)
    return count


def erase(customers, *, at: datetime) -> int:
    """Nothing of them stays but, of those who were drawn, that they were."""
    count = customers.count()
    customers.filter(callees__isnull=True).delete()
    customers.update(sealed="", mark="", erased_at=at)
    return count


def reseal_customers() -> tuple[int, list[str]]:
    """Seal all customers with the newest key, and mark them anew: how many were, and which no
    key opens any more.
    """
    resealed, lost = 0, []
    for pk in list(Customer.objects.listed().values_list("pk", flat=True)):
        try:
            reseal_customer(pk)
            resealed += 1
        except Refused:
            lost.append(pk)
    named = Customer.objects.filter(pk__in=lost[:20]).select_related("project")
    return resealed, [f"{each.project.code} {each}" for each in named]


@transaction.atomic
def reseal_customer(pk: int) -> None:
    customer = Customer.objects.select_for_update().get(pk=pk)
    customer.mark = marks_of(customer.secret["phone"])[0]
    customer.sealed = reseal(customer.sealed)
    customer.save(update_fields=["sealed", "mark"])
