"""Calling back: drawn once, each try on record, corrections beside what they correct."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from campaign.seals import begin, differences
from inspections.audit_visit.carrying_out import finish_visit, seen_on
from inspections.callback.call_page import CalleePage, CallPage
from inspections.callback.calls import Said, record_call, reveal
from inspections.callback.complaints import place_named, put_on_sheet
from inspections.callback.customers import erase_due, forget_customer
from inspections.callback.drawing import drawn as order_of
from inspections.callback.questionnaire import (
    USUAL,
    Asked,
    in_use,
    mark_of,
    write_questionnaire,
)
from inspections.callback.sampling import draw_customers
from inspections.models import (
    Call,
    CallAnswer,
    CallbackQuestion,
    CallbackSample,
    Callee,
    Customer,
    Observation,
)
from inspections.words import Method
from organization.errors import Conflict, Refused
from organization.history import history_of
from tests import cast
from tests.inspections import entering
from tests.inspections.calling import (
    ANSWERED,
    AT,
    DECLINED,
    MISSED,
    PHONE,
    call,
    callees,
    drawn,
    listed,
    questionnaire,
    row,
    rows,
    standing,
    under_way,
)

TIED = "customer_service/I01/2"


@pytest.fixture
def company(db):
    return cast.company()


def refusal(act, *args, **asked):
    with pytest.raises(Refused) as caught:
        act(*args, **asked)
    return caught.value.code


def finished(sample, company):
    return finish_visit(visit=sample.visit, by=company.auditor, at=AT)


def missed(callee, company, times=3):
    for _each in range(times):
        call(callee, company.auditor, MISSED)


# --- the draw ----------------------------------------------------------------------------------


def test_a_draw_can_be_repeated_from_the_list_and_the_seed(company):
    sample = drawn(company, count=30)
    frame = [(number, kind, asked) for number, kind, asked in sample.order]
    assert order_of(sorted(frame), sample.seed) == frame
    chosen = [each.customer.number for each in callees(sample)]
    assert chosen == [number for number, _kind, _asked in sample.order[:10]]
    assert history_of(sample.visit).first().detail["seed"] == sample.seed


def test_a_visit_draws_once(company):
    sample = drawn(company)
    assert refusal(draw_customers, visit=sample.visit, by=company.auditor, at=AT) == "drawn"


def test_who_draws_and_when(company):
    listed(company)
    visit = under_way(company)
    asked = {"visit": visit, "at": AT}
    assert refusal(draw_customers, by=company.auditor, **asked) == "no_questions"
    questionnaire(company)
    assert refusal(draw_customers, by=company.center, **asked) == "not_yours"
    visit.method = Method.COVERT
    visit.save()
    assert refusal(draw_customers, by=company.auditor, **asked) == "method"


def test_without_a_list_nobody_is_drawn(company):
    listed(company, lines=rows(3, project="P02"))
    questionnaire(company)
    visit = under_way(company)
    assert refusal(draw_customers, visit=visit, by=company.auditor, at=AT) == "no_customers"


def test_kinds_are_drawn_in_proportion(company):
    listed(company, lines=[row(n, kind="租户" if n > 15 else "业主") for n in range(1, 21)])
    questionnaire(company)
    sample = draw_customers(visit=under_way(company), by=company.auditor, at=AT)
    kinds = [each.customer.kind for each in callees(sample)]
    assert kinds.count("tenant") in (2, 3)


def test_who_was_called_last_time_is_passed_over_where_the_list_allows(company):
    first = drawn(company, count=15)
    for each in callees(first)[:6]:
        call(each, company.auditor, DECLINED)
    finished(first, company)
    visit = under_way(company, at=AT + timedelta(days=1))
    second = draw_customers(visit=visit, by=company.auditor, at=AT)
    called = {each.customer_id for each in callees(first)[:6]}
    again = [each.customer_id in called for each in callees(second)]
    assert again == [False] * 9 + [True]  # nine others are left of fifteen


# --- calls -------------------------------------------------------------------------------------


def test_who_is_not_reached_is_replaced_by_the_next_of_the_order(company):
    sample = drawn(company)
    first, second, *_others = callees(sample)
    missed(first, company, 2)
    assert Callee.objects.count() == 10
    missed(first, company, 1)
    missed(second, company, 3)
    found = [each.customer.number for each in callees(sample)]
    assert found == [number for number, *_about in sample.order[:12]]
    assert refusal(call, first, company.auditor, MISSED) == "tries"


def test_where_the_list_ends_nobody_comes_in(company):
    sample = drawn(company, count=4)
    missed(callees(sample)[0], company)
    assert len(callees(sample)) == 4


def test_a_correction_there_and_back_brings_in_nobody_twice(company):
    sample = drawn(company)
    first = callees(sample)[0]
    missed(first, company)
    wrong = call(first, company.auditor, ANSWERED, corrects=standing(first)[0])
    call(first, company.auditor, MISSED, corrects=wrong)
    assert len(callees(sample)) == 11


def test_nobody_who_was_erased_is_brought_in(company):
    sample = drawn(company, count=12)
    numbers = [number for number, *_about in sample.order]
    customer = Customer.objects.get(number=numbers[10])
    forget_customer(customer=customer, by=company.center, at=AT)
    missed(callees(sample)[0], company)
    assert callees(sample)[-1].customer.number == numbers[11]


def test_the_same_call_again_is_one_row(company):
    first = callees(drawn(company))[0]
    id = uuid.uuid4()
    assert call(first, company.auditor, id=id) == call(first, company.auditor, id=id)
    assert len(standing(first)) == 1


def test_the_same_id_with_other_answers_is_a_conflict_and_no_silence(company):
    first = callees(drawn(company))[0]
    id = uuid.uuid4()
    call(first, company.auditor, id=id)
    with pytest.raises(Conflict):
        call(first, company.auditor, id=id, grades=(1, 1))


def test_an_answer_is_corrected_beside_what_it_corrects(company):
    first = callees(drawn(company))[0]
    wrong = call(first, company.auditor, grades=(1, 1))
    right = call(first, company.auditor, grades=(5, 5), corrects=wrong)
    assert standing(first) == [right] and first.calls.count() == 2
    with pytest.raises(Conflict):
        call(first, company.auditor, corrects=wrong)
    with pytest.raises(Conflict):
        call(first, company.auditor)


def test_a_correction_is_of_the_same_customer(company):
    first, second, *_others = callees(drawn(company))
    wrong = call(first, company.auditor)
    with pytest.raises(Conflict):
        call(second, company.auditor, corrects=wrong)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"remark": "打 199 0000 0003 找他"}, "number"),
        ({"complaint": "１９９０００００００３"}, "number"),
        ({"remark": "x" * 501}, "long"),
        ({"outcome": MISSED, "complaint": "没修好"}, "answers"),
        ({"outcome": "fine"}, "outcome"),
        ({"grades": ()}, "no_answer"),
        ({"grades": (6, 1)}, "questions"),
        ({"about": 1}, "about"),
    ],
)
def test_what_can_t_be_said_is_refused(company, words, code):
    first = callees(drawn(company))[0]
    assert refusal(call, first, company.auditor, **words) == code
    assert not standing(first)


def test_a_remark_does_not_name_the_customer(company):
    first = callees(drawn(company))[0]
    name = first.customer.secret["name"]
    assert refusal(call, first, company.auditor, remark=f"{name}说太吵") == "name"


def test_only_its_auditors_call_and_only_while_it_is_under_way(company):
    sample = drawn(company)
    first = callees(sample)[0]
    assert refusal(call, first, company.center) == "not_yours"
    finished(sample, company)
    assert refusal(call, first, company.auditor) == "finished"


# --- the number --------------------------------------------------------------------------------


def test_a_number_is_revealed_for_dialling_and_each_time_is_on_record(company):
    first = callees(drawn(company))[0]
    for _each in range(2):
        phone = reveal(callee=first, by=company.auditor, at=AT)
    assert phone == PHONE.format(int(first.customer.secret["name"][3:]))
    entries = [each for each in history_of(first.sample.visit) if each.verb == "reveal_number"]
    assert [each.detail for each in entries] == [{"place": 1}] * 2


def test_nobody_else_and_not_after_the_visit(company):
    sample = drawn(company)
    first = callees(sample)[0]
    assert refusal(reveal, callee=first, by=company.center, at=AT) == "not_yours"
    finished(sample, company)
    assert refusal(reveal, callee=first, by=company.auditor, at=AT) == "finished"
    assert not [each for each in history_of(sample.visit) if each.verb == "reveal_number"]


# --- the questionnaire -------------------------------------------------------------------------


def asked(company, *texts, **options):
    questions = [Asked(text, text) for text in texts]
    return write_questionnaire(
        campaign=company.campaign, questions=questions, by=company.center, at=AT, **options
    )


def test_it_is_changed_in_place_until_the_first_answer(company):
    first = asked(company, "甲")
    assert asked(company, "甲", "乙") == first
    assert [each.text for each in in_use(company.campaign).questions.all()] == ["甲", "乙"]


def test_after_an_answer_a_new_version_leaves_the_old_answers_alone(company):
    sample = drawn(company)
    call(callees(sample)[0], company.auditor)
    made = asked(company, "新的问题")
    assert made.number == 2
    kept = sample.questionnaire.questions.order_by("order")
    assert [each.text_zh_hans for each in kept] == [zh for zh, _en in USUAL[:2]]
    call(callees(sample)[1], company.auditor)


def test_questions_that_were_changed_meanwhile_are_not_answered(company):
    first = callees(drawn(company))[0]
    old = first.sample.questionnaire.questions.values_list("pk", flat=True)
    said = Said(ANSWERED, dict.fromkeys(list(old), 5))
    asked(company, "新的问题")
    about = {"id": uuid.uuid4(), "by": company.auditor, "at": AT}
    assert refusal(record_call, callee=first, said=said, **about) == "questions"


def test_a_stale_page_is_a_conflict(company):
    seen = mark_of(asked(company, "甲"))
    asked(company, "乙")
    with pytest.raises(Conflict):
        asked(company, "丙", revision=seen)


@pytest.mark.parametrize(
    ("questions", "code"),
    [
        ([], "empty"),
        ([Asked("甲", "")], "language"),
        ([Asked("甲" * 201, "a")], "long"),
        ([Asked("甲", "a")] * 9, "many"),
        ([Asked("甲", "a", "customer_service/X99/1")], "requirement"),
        ([Asked("甲", "a", "随便写的")], "requirement"),
    ],
)
def test_what_can_t_be_asked_is_refused(company, questions, code):
    entering.rubric(company)
    asked = {"campaign": company.campaign, "by": company.center, "at": AT}
    assert refusal(write_questionnaire, questions=questions, **asked) == code


# --- to the sheet ------------------------------------------------------------------------------


def tied(company, **words):
    """A sheet of the project, and a customer whose answer to the tied question is low."""
    sheet = entering.opened(company)
    first = callees(drawn(company, requirement=TIED))[0]
    call(first, company.auditor, grades=(1, 5), **words)
    return sheet, first


def page(callee, company):
    return CalleePage(callee, company.auditor, AT)


def test_a_low_answer_goes_to_its_requirement_at_the_least_amount(company):
    sheet, first = tied(company)
    ((matter, place, known),) = page(first, company).matters
    assert known is None
    row = put_on_sheet(matter=matter, place=place, points=None, by=company.auditor, at=AT)
    assert (row.sheet, row.item.code, row.requirement.number) == (sheet, "I01", 2)
    assert (str(row.points), row.method) == ("0.50", "customer_callback")
    assert row.note.startswith("客户 01 ") and "试用户" not in row.note
    assert list(seen_on(first.sample.visit, company.auditor)) == [row]


def test_a_complaint_goes_where_the_auditor_says_and_only_once(company):
    sheet, first = tied(company, complaint="报修三次没人来")
    matter = page(first, company).matters[0][0]
    assert refusal(put, matter, None, company) == "place"
    there = place_named(entering.requirement(sheet, 2, 3).pk, [sheet])
    row = put(matter, there, company, points=2)
    assert row.note == "客户 01 投诉：报修三次没人来"
    assert put(matter, there, company, points=1) == row
    assert Observation.objects.filter(sheet=sheet).count() == 1


def put(matter, place, company, points=None):
    points = Decimal(points) if points else None
    return put_on_sheet(matter=matter, place=place, points=points, by=company.auditor, at=AT)


def test_an_amount_outside_the_range_is_refused_by_the_ledger(company):
    _sheet, first = tied(company)
    ((matter, place, _known),) = page(first, company).matters
    assert refusal(put, matter, place, company, points=3) == "amount"


def test_without_a_sheet_under_way_there_is_no_place(company):
    entering.rubric(company)
    first = callees(drawn(company, requirement=TIED))[0]
    call(first, company.auditor, grades=(2, 5))
    ((_matter, place, _known),) = page(first, company).matters
    assert place is None


def test_a_fair_answer_is_no_matter_for_the_sheet(company):
    entering.opened(company)
    first = callees(drawn(company, requirement=TIED))[0]
    call(first, company.auditor, grades=(3, 1))  # the second question names no requirement
    assert page(first, company).matters == []


def test_the_page_says_whose_turn_it_is(company):
    sample = drawn(company, count=3)
    first, second, third = callees(sample)
    call(first, company.auditor)
    call(second, company.auditor, MISSED)
    found = CallPage(sample.visit)
    assert [each.state.code for each in found.callees] == ["answered", "call_again", "not_called"]
    assert found.next == third
    call(third, company.auditor, DECLINED)
    assert CallPage(sample.visit).next == second


# --- seals -------------------------------------------------------------------------------------


@pytest.fixture
def sealed(company):
    """A visit with an answer on the sheet and one who was not reached, in a sealed campaign."""
    entering.rubric(company)
    begin(company.campaign, at=AT)
    _sheet, first = tied(company, complaint="太吵")
    matter, place, _known = page(first, company).matters[1]
    put_on_sheet(matter=matter, place=place, points=None, by=company.auditor, at=AT)
    missed(callees(first.sample)[1], company)
    return company


def test_what_was_drawn_and_said_is_sealed_and_outlives_the_list(sealed):
    assert list(differences(sealed.campaign)) == []
    erase_due(by="schedule", at=AT + timedelta(days=100))
    asked(sealed, "新的问题")
    assert list(differences(sealed.campaign)) == []


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (CallAnswer, {"grade": 5}),
        (Call, {"complaint": "很好"}),
        (CallbackSample, {"order": []}),
        (CallbackQuestion, {"text_zh_hans": "别的问题"}),
    ],
)
def test_what_was_changed_past_the_application_is_found(sealed, model, change):
    model.objects.update(**change)
    assert {found.code for found in differences(sealed.campaign)} == {"changed"}
