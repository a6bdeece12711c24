"""Answers to post questions as a device sends them: each once, in any order, and nothing lost."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from campaign.seals import begin, differences
from inspections.audit_visit.carrying_out import finish_visit
from inspections.models import PostAnswer
from inspections.post_question.asking import draw_questions, observe_answer
from organization.history import history_of
from organization.roles import Role
from tests import cast
from tests.inspections.asking import AT, bank, visit
from tests.inspections.entering import rubric
from tests.inspections.sync.sending import post

DEVICE = str(uuid.UUID(int=7))


@pytest.fixture
def company(db):
    made = cast.company()
    begin(made.campaign, at=AT)
    return made


@pytest.fixture
def held(company):
    bank(company)
    return visit(company)


@pytest.fixture
def drawn(company, held):
    line = company.lines["customer_service"]
    made = draw_questions(
        visit=held, specialty=line, role=Role.EMPLOYEE, number=3, by=company.auditor, at=AT, seed=7
    )
    return list(made.drawn.all())


@pytest.fixture
def auditor(client, company):
    client.force_login(company.auditor)
    return client


def said(company, row, result="right", **more):
    fields = {"id": str(uuid.uuid4()), "sequence": 1, "drawn": row.pk, "result": result}
    return fields | {"person": company.worker.pk, "answered_at": AT.isoformat()} | more


def send(client, held, answers, *, sent_at=AT, device=DEVICE):
    batch = {"device": device, "sent_at": sent_at.isoformat(), "answers": answers}
    return post(client, f"visits/{held.pk}/answers", batch)


def outcomes(response):
    assert response.status_code == 200, response.content
    return [(each["outcome"], each["code"]) for each in response.json()["receipts"]]


def test_answers_are_recorded_once_however_often_they_come(auditor, company, held, drawn):
    answers = [said(company, row, "wrong", note="说不出来") for row in drawn]
    assert outcomes(send(auditor, held, answers)) == [("recorded", "")] * 3
    assert outcomes(send(auditor, held, answers[::-1])) == [("known", "")] * 3
    found = PostAnswer.objects.order_by("pk")
    assert {str(each.pk) for each in found} == {each["id"] for each in answers}
    assert {(each.by, each.person, each.note) for each in found} == {
        (company.auditor, company.worker, "说不出来")
    }
    assert [*differences(company.campaign)] == []
    entry = history_of(held).filter(verb="note_post_answer").first()
    assert entry.via == f"device {DEVICE}"


def test_one_that_is_wrong_is_refused_alone_with_its_field(auditor, company, held, drawn):
    answers = [
        said(company, drawn[0], drawn=10**9),
        said(company, drawn[0], result="perhaps"),
        said(company, drawn[0], person=None, name=" "),
        said(company, drawn[0], person=company.executive.pk),
        said(company, drawn[0], note="长" * 501),
        {"id": "no id"},
        7,
        said(company, drawn[1]),
    ]
    receipts = send(auditor, held, answers).json()["receipts"]
    assert [(each["code"], each["field"]) for each in receipts[:-1]] == [
        ("not_drawn", "drawn"),
        ("invalid", "result"),
        ("nobody", "name"),
        ("not_here", "person"),
        ("long", "note"),
        ("invalid", "id"),
        ("invalid", ""),
    ]
    assert all(each["detail"] for each in receipts[:-1])
    assert receipts[-1]["outcome"] == "recorded"
    assert PostAnswer.objects.get().drawn == drawn[1]


def test_a_name_with_a_position_is_enough(auditor, company, held, drawn):
    answer = said(company, drawn[0], person=None, name="老周", position="外包保安")
    assert outcomes(send(auditor, held, [answer])) == [("recorded", "")]
    found = PostAnswer.objects.get()
    assert (found.person, found.name, found.position) == (None, "老周", "外包保安")


def test_a_correction_waits_for_what_it_corrects(auditor, company, held, drawn):
    first = said(company, drawn[0], "wrong")
    second = said(company, drawn[0], "right", replaces=first["id"])
    assert outcomes(send(auditor, held, [second, first])) == [("later", ""), ("recorded", "")]
    assert outcomes(send(auditor, held, [second])) == [("recorded", "")]
    third = said(company, drawn[0], "partly", replaces=first["id"])
    (receipt,) = send(auditor, held, [third]).json()["receipts"]
    assert receipt["outcome"] == "refused" and "更正过" in receipt["detail"]
    assert [str(each.pk) for each in PostAnswer.objects.standing()] == [second["id"]]


def test_a_correction_to_right_gives_the_points_back(auditor, company, held, drawn):
    """As on the page: it is the same move."""
    rubric(company)
    row = drawn[0]
    row.question.__class__.objects.filter(pk=row.question_id).update(item="I01", requirement=1)
    first = said(company, row, "wrong")
    send(auditor, held, [first])
    answer = PostAnswer.objects.get()
    made = observe_answer(answer=answer, points=Decimal("1"), by=company.auditor, at=AT)
    assert outcomes(send(auditor, held, [said(company, row, replaces=first["id"])])) == [
        ("recorded", "")
    ]
    made.refresh_from_db()
    assert hasattr(made, "withdrawal")


def test_a_clock_that_is_wrong_moves_along(auditor, company, held, drawn, monkeypatch):
    """A day ahead, and sent an hour after it was answered."""
    day, hour = timedelta(days=1), timedelta(hours=1)
    now = AT + 3 * hour
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    answer = said(company, drawn[0], answered_at=(now + day - hour).isoformat())
    send(auditor, held, [answer], sent_at=now + day)
    found = PostAnswer.objects.get()
    assert (found.answered_at, found.device_at) == (now - hour, now + day - hour)
    assert found.recorded_at == now and found.noted_at == now - hour


def test_what_was_answered_before_the_visit_ended_counts_when_it_comes(
    auditor, company, held, drawn, monkeypatch
):
    hour = timedelta(hours=1)
    finish_visit(visit=held, by=company.auditor, at=AT + hour)
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + 3 * hour)
    answers = [
        said(company, drawn[0], answered_at=(AT + hour / 2).isoformat()),
        said(company, drawn[1], answered_at=(AT + 2 * hour).isoformat()),
    ]
    sent = send(auditor, held, answers, sent_at=AT + 3 * hour)
    assert outcomes(sent) == [("recorded", ""), ("refused", "finished")]
    assert PostAnswer.objects.get().drawn == drawn[0]
    assert [*differences(company.campaign)] == []


def test_when_it_was_answered_is_sealed(auditor, company, held, drawn):
    send(auditor, held, [said(company, drawn[0])])
    PostAnswer.objects.update(device_at=AT - timedelta(days=1))
    (found,) = differences(company.campaign)
    assert (found.code, "device_at" in str(found)) == ("changed", True)


def test_only_who_carries_the_visit_out_may(client, company, held, drawn):
    answer = said(company, drawn[0])
    assert send(client, held, [answer]).status_code == 401
    statuses = {}
    for name in ("executive", "center", "manager", "worker"):
        client.force_login(getattr(company, name))
        statuses[name] = send(client, held, [answer]).status_code
    assert statuses == {"executive": 403, "center": 403, "manager": 404, "worker": 404}
    assert not PostAnswer.objects.exists()
    client.force_login(company.auditor)
    other = type(held).objects.order_by("-pk").first().pk + 1
    assert post(client, f"visits/{other}/answers", {}).status_code in (404, 422)


def test_receipts_tell_of_ones_own_answers(auditor, company, held, drawn):
    answer = said(company, drawn[0])
    send(auditor, held, [answer])
    asked = {"ids": [answer["id"], str(uuid.uuid4())]}
    (there,) = post(auditor, "receipts", asked).json()["answers"]
    assert (there["id"], there["visit"]) == (answer["id"], held.pk)
    auditor.force_login(company.center)
    assert post(auditor, "receipts", asked).json()["answers"] == []


def test_two_hundred_at_once_are_the_most(auditor, company, held, drawn):
    answers = [said(company, drawn[0], name="甲", person=None) for _ in range(201)]
    assert send(auditor, held, answers).status_code == 413
    assert not PostAnswer.objects.exists()


def test_a_page_without_a_fault_has_no_alert(auditor, held, drawn):
    """For where there is one, what was typed before is not filled in again (form-keep.js)."""
    page = auditor.get(drawn[0].get_absolute_url()).content.decode()
    assert "post-answer:" in page and 'role="alert"' not in page
