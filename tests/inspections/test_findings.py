"""A finding's way, by its functions: opened, rectified with photos, verified, reopened."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from campaign.models import Message
from inspections.finding.findings import (
    missing_to_rectify,
    open_finding,
    rectify,
    reopen,
    verify,
)
from inspections.finding.photos import add_photos, may_see_photo, remove_photo
from inspections.models import Finding, FindingPhoto
from inspections.words import Moment
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import Post, StoredFile
from tests import cast
from tests.inspections.writing import LATER, finding_of, picture, plan_of, rectified
from tests.owed import owed_in

DONE = LATER + timedelta(days=2)
MORE = LATER + timedelta(days=3)


def opened(company, **changes):
    fields = {
        "problem": "消防通道堆放杂物",
        "specialty": company.lines["order"],
        "responsible": company.worker,
        "due": date(2011, 11, 20),
    }
    return open_finding(
        campaign=company.campaign, project=company.one, by=company.center, at=LATER,
        **fields | changes,
    )  # fmt: skip


# --- opened directly


def test_a_finding_opened_by_the_center_is_in_force_at_once(company):
    found = opened(company, photos=[picture()])
    assert found.state(at=LATER).code == "in_progress"
    assert found.get_source_display() == "检查验收"
    assert found.photos.get().moment == Moment.BEFORE
    assert Message.objects.get(person=company.worker).title == "新的问题由您整改：消防通道堆放杂物"


def test_without_a_responsible_person_the_projects_leaders_are_told(company):
    opened(company, responsible=None)
    assert [message.person for message in Message.objects.all()] == [company.manager]


@pytest.mark.parametrize("field", ["problem", "specialty", "due"])
def test_what_a_new_finding_needs(company, field):
    with pytest.raises(Refused) as refused:
        opened(company, **{field: "" if field == "problem" else None})
    assert (refused.value.code, refused.value.field) == ("blank", field)


@pytest.mark.parametrize(
    ("field", "value"), [("due", date(2011, 9, 1)), ("responsible", "other_manager")]
)
def test_wrong_values_are_refused_at_their_field(company, field, value):
    value = getattr(company, value) if isinstance(value, str) else value
    with pytest.raises(Refused) as refused:
        opened(company, **{field: value})
    assert refused.value.field == field


def test_no_finding_in_a_project_that_takes_no_part(company):
    with pytest.raises(Refused) as refused:
        open_finding(
            campaign=company.campaign, project=cast.project("P09", "别处"), problem="x",
            specialty=company.lines["order"], due=date(2011, 11, 20), by="command", at=LATER,
        )  # fmt: skip
    assert refused.value.code == "no_part"


def test_what_is_no_picture_opens_nothing(company):
    broken = picture()
    broken.file.write(b"x")
    broken.file.truncate(3)
    broken.file.seek(0)
    with pytest.raises(ValidationError):
        opened(company, photos=[broken])
    assert not Finding.objects.exists()


# --- rectified


def test_a_rectification_needs_words_and_pictures_of_before_and_after(company):
    found = finding_of(company)
    assert set(missing_to_rectify(found, " ")) == {"text", "before", "after"}
    add_photos(finding=found, uploads=[picture()], moment=Moment.BEFORE, by=company.worker, at=DONE)
    assert missing_to_rectify(found, "换好了") == {"after": "还缺整改后照片。"}
    with pytest.raises(Refused) as refused:
        rectify(finding=found, text="换好了", by=company.worker, at=DONE)
    assert (refused.value.code, refused.value.field) == ("incomplete", "after")


def test_a_refused_rectification_keeps_nothing_of_itself(company):
    found = finding_of(company)
    with pytest.raises(Refused):
        rectify(finding=found, text="", photos=[picture()], by=company.worker, at=DONE)
    assert not FindingPhoto.objects.exists()
    assert found.rectified_at is None


def test_a_rectification_waits_for_verification(company):
    found = rectified(company)
    assert found.state(at=DONE).code == "waiting_verify"
    assert found.rectification == "已经加装"
    entry = history_of(found).first()
    assert (entry.verb, entry.before, entry.after) == ("rectify", "in_progress", "waiting_verify")


def test_a_line_of_an_unfiled_plan_is_not_rectified_yet(company):
    with pytest.raises(Refused) as refused:
        rectify(finding=plan_of(company).findings.get(), text="x", by=company.worker, at=DONE)
    assert refused.value.code == "draft"


def test_rectifying_twice_is_refused(company):
    with pytest.raises(Refused) as refused:
        rectify(finding=rectified(company), text="x", by=company.worker, at=DONE)
    assert refused.value.code == "waiting"


def test_late_is_measured_on_the_day_it_was_done(company):
    found = rectified(company, due=date(2011, 10, 16))
    verify(finding=found, by=company.center, at=DONE)
    assert str(found.state(at=DONE + timedelta(days=30))) == "迟 2 天"


# --- photos


def test_the_same_picture_is_taken_once(company):
    found, upload = finding_of(company), picture()
    for _ in range(2):
        upload.seek(0)
        add_photos(
            finding=found, uploads=[upload], moment=Moment.BEFORE, by=company.worker, at=DONE
        )
    assert found.photos.count() == 1


def test_one_picture_can_not_show_before_and_after(company):
    found, upload = finding_of(company), picture()
    add_photos(finding=found, uploads=[upload], moment=Moment.BEFORE, by=company.worker, at=DONE)
    upload.seek(0)
    with pytest.raises(ValidationError, match="整改前后不能是同一张"):
        add_photos(finding=found, uploads=[upload], moment=Moment.AFTER, by=company.worker, at=DONE)


def test_pictures_of_before_come_also_later_those_of_after_do_not(company):
    found = rectified(company)
    add_photos(finding=found, uploads=[picture()], moment=Moment.BEFORE, by=company.worker, at=DONE)
    assert found.photos.filter(moment=Moment.BEFORE).count() == 2
    with pytest.raises(Refused):
        add_photos(
            finding=found, uploads=[picture()], moment=Moment.AFTER, by=company.worker, at=DONE
        )


def test_a_wrong_picture_is_taken_away_while_the_finding_is_open(company):
    found = finding_of(company)
    (photo,) = add_photos(
        finding=found,
        uploads=[picture("错了.png")],
        moment=Moment.AFTER,
        by=company.worker,
        at=DONE,
    )
    remove_photo(photo=photo, by=company.worker, at=DONE)
    assert not found.photos.exists()
    entry = history_of(found).first()
    assert (entry.verb, entry.detail["name"]) == ("remove_photo", "错了.png")


def test_a_picture_that_was_handed_in_stays(company):
    photo = rectified(company).photos.first()
    with pytest.raises(Refused):
        remove_photo(photo=photo, by=company.worker, at=DONE)


@pytest.mark.parametrize(
    ("who", "sees"), [("head", True), ("executive", True), ("other_manager", False)]
)
def test_pictures_are_seen_by_whoever_sees_the_finding(company, who, sees):
    rectified(company)
    stored = StoredFile.objects.first()
    assert may_see_photo(getattr(company, who), stored) is sees


# --- verified, reopened


def test_a_verification_closes_the_finding_and_tells_who_did_it(company):
    found = verify(finding=rectified(company), note="到场看过", by=company.center, at=DONE)
    assert found.state(at=DONE).code == "verified"
    message = Message.objects.filter(person=company.worker).first()
    assert (message.title, message.body) == ("整改已验证：配电房缺少防小动物设施", "到场看过")
    assert history_of(found).first().reason == "到场看过"


def test_nobody_verifies_the_own_work(company):
    cast.post(company.worker, "management_center")
    with pytest.raises(Refused) as refused:
        verify(finding=rectified(company), by=company.worker, at=DONE)
    assert refused.value.code == "own"


@pytest.mark.parametrize("stage", ["open", "verified"])
def test_only_what_waits_is_verified(company, stage):
    found = finding_of(company) if stage == "open" else rectified(company)
    if stage == "verified":
        verify(finding=found, by=company.center, at=DONE)
    with pytest.raises(Refused) as refused:
        verify(finding=found, by=company.auditor, at=MORE)
    assert refused.value.code == stage


def test_reopening_needs_a_reason_and_a_new_picture_of_after(company):
    found = rectified(company)
    with pytest.raises(Refused) as refused:
        reopen(finding=found, reason=" ", by=company.center, at=DONE)
    assert refused.value.field == "reason"
    reopen(finding=found, reason="角落还缺一块", by=company.center, at=DONE)
    assert found.state(at=DONE).code == "reopened"
    assert found.rectification == "已经加装"
    assert missing_to_rectify(found, "又改了") == {"after": "退回以后，要有一张新的整改后照片。"}
    again = rectify(finding=found, text="补上了", photos=[picture()], by=company.worker, at=MORE)
    assert again.state(at=MORE).code == "waiting_verify"


def test_who_did_it_is_told_why_it_came_back(company):
    reopen(finding=rectified(company), reason="角落还缺", by=company.center, at=DONE)
    message = Message.objects.filter(person=company.worker).first()
    assert (message.title, message.body) == ("整改被退回：配电房缺少防小动物设施", "角落还缺")


def test_a_verified_finding_can_be_opened_again(company):
    found = verify(finding=rectified(company), by=company.center, at=DONE)
    reopen(finding=found, reason="又坏了", by=company.center, at=MORE)
    assert (found.verified_at, found.verification) == (None, "")
    assert Finding.objects.open().get() == found


def test_what_is_open_anyway_is_not_reopened(company):
    with pytest.raises(Refused) as refused:
        reopen(finding=finding_of(company), reason="x", by=company.center, at=DONE)
    assert refused.value.code == "open"


def test_of_two_reviewers_the_second_is_told(company):
    found = rectified(company)
    seen = found.revision
    verify(finding=found, revision=seen, by=company.center, at=DONE)
    with pytest.raises(Conflict, match="已经验证通过"):
        reopen(finding=found, reason="x", revision=seen, by=company.auditor, at=DONE)
    assert found.verified_at == DONE


def test_nothing_moves_after_the_campaign(company):
    found = rectified(company)
    company.campaign.closed_at = DONE
    company.campaign.save()
    found.refresh_from_db()
    with pytest.raises(Refused) as refused:
        verify(finding=found, by=company.center, at=MORE)
    assert refused.value.code == "closed"


# --- what is due


def test_an_open_finding_is_due_to_the_responsible_person(company):
    found = finding_of(company)
    (due,) = owed_in(company.campaign, LATER, "finding").values()
    assert (due.thing, due.due, due.people) == (
        f"finding:{found.pk}", date(2011, 11, 20), {company.worker.pk},
    )  # fmt: skip
    assert due.url == found.get_absolute_url()
    assert due.title == "问题整改：配电房缺少防小动物设施"


def test_when_the_responsible_person_left_it_is_due_to_the_leaders(company):
    finding_of(company)
    Post.objects.filter(user=company.worker).update(until=date(2011, 10, 20))
    (due,) = owed_in(company.campaign, LATER, "finding").values()
    assert due.people == {company.manager.pk}


@pytest.mark.parametrize("stage", ["draft", "waiting"])
def test_drafts_and_what_waits_is_due_to_nobody(company, stage):
    plan_of(company) if stage == "draft" else rectified(company)
    assert not owed_in(company.campaign, LATER, "finding")


def test_due_findings_cost_the_same_for_three_as_for_one(company, django_assert_num_queries):
    opened(company)
    with django_assert_num_queries(2):
        assert len(owed_in(company.campaign, LATER, "finding")) == 1
    opened(company), opened(company, responsible=None)
    with django_assert_num_queries(2):
        assert len(owed_in(company.campaign, LATER, "finding")) == 3
