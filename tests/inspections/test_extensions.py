"""A later due date: asked for, granted or refused; lateness is counted from the date in force."""

from datetime import date, timedelta

import pytest

from campaign import kept
from campaign.models import Message
from inspections.finding.due_dates import put_due
from inspections.finding.extension_counts import KEPT, count_waiting, waiting_for
from inspections.finding.extensions import ask_extension, decide_extension
from inspections.finding.findings import verify
from inspections.models import Extension, Finding
from organization.errors import Conflict, Refused
from organization.history import history_of
from tests.inspections.writing import LATER, filed, finding_of, line, rectified
from tests.owed import owed_in

NEXT = LATER + timedelta(days=1)
WANTED = date(2011, 11, 24)


def asked(company, found=None, **changes):
    fields = {"due": WANTED, "reason": "配件未到", "by": company.worker, "at": LATER}
    return ask_extension(finding=found or finding_of(company), **fields | changes)


def decided(extension, company, **changes):
    fields = {"granted": True, "by": company.center, "at": NEXT}
    return decide_extension(extension=extension, **fields | changes)


def test_a_request_changes_nothing_until_it_is_decided(company):
    extension = asked(company)
    extension.finding.refresh_from_db()
    assert (extension.finding.due, extension.due_before) == (date(2011, 11, 20),) * 2
    assert extension.state().code == "waiting_approval"


def test_a_granted_request_puts_the_date_in_force_and_keeps_the_first(company):
    found = decided(asked(company), company).finding
    found.refresh_from_db()
    assert (found.due, found.first_due) == (WANTED, date(2011, 11, 20))
    late = LATER.replace(month=11, day=23)
    assert found.state(at=late).code == "in_progress"
    assert found.days_late(at=late + timedelta(days=2)) == 1


def test_the_center_may_grant_another_date(company):
    extension = decided(asked(company), company, due=date(2011, 11, 22))
    assert (extension.granted_due, extension.finding.due) == (date(2011, 11, 22),) * 2


def test_the_first_date_stays_the_first_after_a_second_extension(company):
    found = decided(asked(company), company).finding
    decided(asked(company, found, due=date(2011, 11, 25), at=NEXT), company)
    found.refresh_from_db()
    assert (found.due, found.first_due) == (date(2011, 11, 25), date(2011, 11, 20))


def test_a_refusal_needs_a_reason_and_leaves_the_date(company):
    extension = asked(company)
    with pytest.raises(Refused) as refused:
        decided(extension, company, granted=False, reason=" ")
    assert (refused.value.code, refused.value.field) == ("blank", "reason")
    decided(extension, company, granted=False, reason="可以先装临时照明")
    extension.finding.refresh_from_db()
    assert (extension.finding.due, extension.finding.first_due) == (date(2011, 11, 20), None)


def test_who_asked_is_told_at_once(company):
    extension = asked(company)
    Message.objects.all().delete()
    decided(extension, company)
    told = Message.objects.get()
    assert told.person == company.worker
    assert told.title.startswith("已同意延期到") and "11月24日 周四" in told.title


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"due": date(2011, 11, 20)}, "bad_due"),
        ({"due": date(2011, 11, 1)}, "bad_due"),
        ({"reason": "  "}, "blank"),
        ({"due": date(2011, 11, 22), "at": LATER.replace(month=12)}, "bad_due"),
    ],
)
def test_what_is_no_sound_request_is_refused(company, changes, code):
    with pytest.raises(Refused) as refused:
        asked(company, **changes)
    assert refused.value.code == code
    assert not Extension.objects.exists()


def test_it_may_be_asked_after_the_date_has_passed(company):
    late = LATER.replace(month=11, day=23)
    found = decided(asked(company, at=late), company, at=late).finding
    assert found.state(at=late).code == "in_progress"


def test_one_request_at_a_time(company):
    found = asked(company).finding
    with pytest.raises(Refused) as refused:
        asked(company, found)
    assert refused.value.code == "waiting"


def test_nothing_is_asked_for_what_is_done(company):
    with pytest.raises(Refused) as refused:
        asked(company, rectified(company))
    assert refused.value.code == "waiting"


def test_nobody_decides_on_the_own_request(company):
    extension = asked(company, by=company.center)
    with pytest.raises(Refused) as refused:
        decided(extension, company)
    assert refused.value.code == "own"
    assert decided(extension, company, by=company.auditor).granted


def test_of_two_reviewers_the_second_is_told_what_the_first_decided(company):
    extension = asked(company)
    stale = Extension.objects.get(pk=extension.pk)
    decided(extension, company, granted=False, reason="来得及")
    with pytest.raises(Conflict) as conflict:
        decided(stale, company, by=company.auditor, revision=0)
    assert "周婷" in str(conflict.value)


def test_a_request_lapses_once_its_finding_is_verified(company):
    found = rectified(company)
    Extension.objects.create(
        finding=found, due_before=found.due, asked_due=WANTED, reason="x", asked_at=LATER
    )
    assert Extension.objects.waiting().count() == 1
    verify(finding=found, by=company.center, at=LATER + timedelta(days=3))
    assert not Extension.objects.waiting().exists()


def test_what_waits_is_counted_on_from_what_is_kept(company):
    """Of campaigns with many projects: what was asked for, decided and verified since."""
    lines = [line(company, problem=f"问题{number}") for number in range(5)]
    *found, last = filed(company, *lines).findings.all()
    old = [asked(company, each) for each in found]
    at = LATER + timedelta(hours=1)
    kept.keep(company.campaign, KEPT, count_waiting(company.campaign, at), at=at)
    decided(old[0], company, at=at + timedelta(minutes=1))
    Finding.objects.filter(pk=old[1].finding_id).update(verified_at=at + timedelta(minutes=1))
    late = asked(company, last, by=company.manager)
    Extension.objects.filter(pk=late.pk).update(asked_at=at + timedelta(minutes=2))
    people = [person.pk for person in (company.center, company.worker, company.manager)]

    def numbers(seen_at):
        found = [waiting_for(pk, [company.campaign.pk], at=seen_at) for pk in people]
        return [sum(each.number for each in some.values()) for some in found]

    assert numbers(at + timedelta(minutes=3)) == [3, 1, 2]  # one's own is for others to decide
    assert numbers(at + timedelta(minutes=30)) == [3, 1, 2]  # counted anew: what is kept is old
    Extension.objects.all().delete()
    assert numbers(at + timedelta(minutes=3)) != [0, 0, 0]
    assert numbers(at + timedelta(minutes=30)) == [0, 0, 0]


def test_every_step_is_on_record(company):
    extension = asked(company)
    decided(extension, company, granted=False, reason="来得及")
    found = extension.finding
    decided(asked(company, found, at=NEXT), company)
    steps = [
        (entry.verb, entry.reason)
        for entry in history_of(found).order_by("at", "id")
        if "extension" in entry.verb
    ]
    assert steps == [
        ("ask_extension", "配件未到"),
        ("refuse_extension", "来得及"),
        ("ask_extension", "配件未到"),
        ("grant_extension", ""),
    ]


def test_a_revision_of_the_plan_keeps_the_first_date_too(company):
    found = finding_of(company)
    put_due(found, date(2011, 11, 22))
    put_due(found, date(2011, 11, 23))
    put_due(found, date(2011, 11, 23))
    assert (found.due, found.first_due) == (date(2011, 11, 23), date(2011, 11, 20))


def test_the_center_owes_an_answer_while_the_date_in_force_holds(company):
    extension = asked(company)
    (owed,) = owed_in(company.campaign, LATER, "extension").values()
    assert owed.thing == f"extension:{extension.pk}"
    assert (owed.due, owed.projects) == (date(2011, 11, 20), {company.one.pk})
    assert owed.people == {company.center.pk, company.auditor.pk}
    assert owed.title == "审批延期：配电房缺少防小动物设施"
    assert owed.url == extension.finding.get_absolute_url()
    decided(extension, company)
    assert not owed_in(company.campaign, NEXT, "extension")
