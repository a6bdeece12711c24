"""Another person becomes responsible: each move with a reason, both people told."""

from datetime import date

import pytest

from campaign.models import Message
from inspections.finding.reassigning import reassign
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import Post
from tests.inspections.writing import LATER, finding_of, rectified


def handed(company, found, **changes):
    fields = {"responsible": company.head, "reason": "调班", "by": company.manager, "at": LATER}
    return reassign(finding=found, **fields | changes)


def test_the_new_and_the_former_person_are_told(company):
    found = finding_of(company)
    Message.objects.all().delete()
    handed(company, found)
    found.refresh_from_db()
    assert found.responsible == company.head
    told = dict(Message.objects.values_list("person__username", "title"))
    assert told == {
        "head01": "改由您整改：配电房缺少防小动物设施",
        "emp01": "已改由刘晓燕整改：配电房缺少防小动物设施",
    }


def test_it_is_on_record_from_whom_to_whom_and_why(company):
    found = finding_of(company)
    handed(company, found)
    entry = history_of(found).get(verb="reassign")
    assert (entry.detail["was"], entry.detail["who"], entry.reason) == ("马超", "刘晓燕", "调班")


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"reason": " "}, "blank"), ({"responsible": "worker"}, "same"),
     ({"responsible": "other_manager"}, "bad_responsible")],
)  # fmt: skip
def test_what_is_no_sound_move_is_refused(company, changes, code):
    found = finding_of(company)
    if "responsible" in changes:
        changes = {"responsible": getattr(company, changes["responsible"])}
    with pytest.raises(Refused) as refused:
        handed(company, found, **changes)
    assert refused.value.code == code


def test_a_person_who_has_left_is_refused_by_name(company):
    found = finding_of(company)
    Post.objects.filter(user=company.head).update(until=date(2011, 10, 20))
    with pytest.raises(Refused) as refused:
        handed(company, found)
    assert str(refused.value) == "刘晓燕已离开锦澜府，请另选责任人。"


def test_what_waits_for_verification_is_not_handed_on(company):
    with pytest.raises(Refused) as refused:
        handed(company, rectified(company))
    assert refused.value.code == "waiting"


def test_a_stale_page_is_told_so(company):
    found = finding_of(company)
    handed(company, found, revision=found.revision)
    with pytest.raises(Conflict):
        handed(company, found, responsible=company.worker, revision=0)
