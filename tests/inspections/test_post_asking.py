"""Asking at a post: a fair draw, answers that stay on record, what a wrong one costs."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.seals import begin, differences
from inspections.audit_visit.carrying_out import finish_visit, seen_on
from inspections.models import AuditVisit, PostAnswer, VisitObservation
from inspections.post_question.asking import (
    Asked,
    draw_questions,
    note_answer,
    observe_answer,
)
from inspections.post_question.bank import edit_question
from inspections.post_question.drawing import Choice, draw
from inspections.post_question.visit_page import VisitQuestions
from inspections.sheet.observations import withdraw
from inspections.sheet.sheets import submit_sheet
from inspections.words import Method
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.roles import Role
from tests import cast
from tests.inspections import entering
from tests.inspections.asking import AT, bank, content, question, visit
from tests.lists import rows_of
from tests.queries import queries_of


@pytest.fixture
def company(db):
    made = cast.company()
    begin(made.campaign, at=AT)
    return made


def drawn(company, held=None, *, number=3, seed=7, role=Role.EMPLOYEE, by=None):
    held = held or visit(company)
    made = draw_questions(
        visit=held, specialty=company.lines["customer_service"], role=role, number=number,
        by=by or company.auditor, at=AT, seed=seed,
    )  # fmt: skip
    return list(made.drawn.select_related("draw__visit", "question__specialty"))


def noted(company, row, result="wrong", *, id=None, who=None, **more):
    asked = who or Asked(company.worker)
    return note_answer(
        drawn=row, id=id or uuid.uuid4(), asked=asked, result=result, at=AT,
        **{"by": company.auditor} | more,
    )  # fmt: skip


def refusal(act, *args, **asked):
    with pytest.raises(Refused) as caught:
        act(*args, **asked)
    return caught.value.code


# --- the draw ------------------------------------------------------------------------------

TURNS = st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=12)
SEED = st.integers(0, 2**31 - 1)


@given(TURNS, st.integers(1, 15), SEED)
def test_a_draw_is_fair_repeats_itself_and_spares_the_last_visit(turns, number, seed):
    among = [Choice(pk, *turn) for pk, turn in enumerate(turns)]
    found = draw(among=among, number=number, seed=seed)
    assert draw(among=among[::-1], number=number, seed=seed) == found
    assert len(set(found)) == len(found) == min(number, len(among))
    known = {each.question: (each.recent, each.times) for each in among}
    left = [known[pk] for pk in known if pk not in found]
    assert all(known[pk] <= other for pk in found for other in left)


@given(st.integers(1, 12), st.integers(1, 6), st.lists(st.integers(0, 10**6), max_size=12))
def test_over_many_visits_no_question_is_ahead_of_another(size, number, seeds):
    times = dict.fromkeys(range(size), 0)
    for seed in seeds:
        among = [Choice(pk, count, False) for pk, count in times.items()]
        for pk in draw(among=among, number=number, seed=seed):
            times[pk] += 1
    assert max(times.values()) - min(times.values()) <= 1


def test_the_next_visit_to_a_project_asks_something_else(company):
    bank(company, 6)
    first = visit(company)
    asked = {row.question_id for row in drawn(company, first)}
    finish_visit(visit=first, by=company.auditor, at=AT)
    later = visit(company, day=date(2011, 11, 29))
    again = {row.question_id for row in drawn(company, later)}
    assert len(asked | again) == 6


def test_what_there_was_to_draw_stays_on_record_and_draws_the_same(company):
    bank(company, 5)
    rows = drawn(company)
    record = rows[0].draw
    among = [Choice(*each) for each in record.among]
    again = draw(among=among, number=record.number, seed=record.seed)
    assert again == [row.question_id for row in rows]
    assert history_of(record.visit)[0].verb == "draw_post_questions"


def test_a_draw_is_refused_twice_without_a_bank_and_on_other_visits(company):
    held = visit(company)
    assert refusal(drawn, company, held) == "empty"
    bank(company, 1)
    assert refusal(drawn, company, held, number=21) == "number"
    assert refusal(drawn, company, held, by=company.center) == "not_yours"
    drawn(company, held)
    assert refusal(drawn, company, held) == "drawn"
    covert = visit(company, method=Method.COVERT)
    assert refusal(drawn, company, covert) == "method"
    assert refusal(drawn, company, visit(company, started=False, day=date(2011, 12, 1))) == (
        "not_started"
    )


def test_a_question_that_was_drawn_is_followed_by_a_new_one(company):
    (made,) = bank(company, 1)
    (row,) = drawn(company)
    changes = content(company, "换了问法")
    new = edit_question(
        campaign=company.campaign, question=made, content=changes, by=company.center, at=AT
    )
    row.question.refresh_from_db()
    assert (row.question.text, new.text, new.pk == made.pk) == ("第1问", "换了问法", False)
    assert row.question.retired_at


# --- answers -------------------------------------------------------------------------------


def test_an_answer_is_on_record_once_however_often_it_is_sent(company):
    bank(company, 2)
    row, other = drawn(company)
    first = noted(company, row)
    assert noted(company, row, id=first.pk) == first
    assert (first.name, first.position) == ("马超", "员工")
    assert refusal(noted, company, other, id=first.pk) == "same_id"
    assert PostAnswer.objects.count() == 1


def test_somebody_without_an_account_is_known_by_name(company):
    bank(company, 1)
    (row,) = drawn(company)
    guest = noted(company, row, "right", who=Asked(name=" 李保洁 ", position="外包保洁"))
    assert (guest.person, guest.name, guest.position) == (None, "李保洁", "外包保洁")
    assert refusal(noted, company, row, who=Asked(name=" ")) == "nobody"
    assert refusal(noted, company, row, who=Asked(company.other_manager)) == "not_here"


def test_a_correction_takes_its_place_and_both_stay(company):
    bank(company, 1)
    (row,) = drawn(company)
    first = noted(company, row, "wrong")
    second = noted(company, row, "right", replaces=first)
    assert list(row.answers.standing()) == [second]
    assert row.answers.count() == 2
    with pytest.raises(Conflict):
        noted(company, row, "partly", replaces=first)
    entry = history_of(row.draw.visit)[0]
    assert (entry.verb, entry.before, entry.after) == ("correct_post_answer", "wrong", "right")


def test_nothing_is_noted_by_others_or_once_the_visit_is_over(company):
    bank(company, 1)
    (row,) = drawn(company)
    assert refusal(noted, company, row, by=company.center) == "not_yours"
    assert refusal(noted, company, row, "maybe") == "result"
    finish_visit(visit=row.draw.visit, by=company.auditor, at=AT)
    assert refusal(noted, company, row) == "finished"


@pytest.mark.parametrize("change", [{"result": "right"}, {"name": "别人"}])
def test_an_answer_that_was_changed_past_the_application_is_found(company, change):
    bank(company, 1)
    (row,) = drawn(company)
    noted(company, row)
    assert not found_wrong(company)
    PostAnswer.objects.update(**change)
    assert found_wrong(company)


def found_wrong(company):
    return list(differences(company.campaign))


def test_an_answer_that_was_taken_away_is_found(company):
    bank(company, 1)
    (row,) = drawn(company)
    noted(company, row)
    PostAnswer.objects.all().delete()
    assert found_wrong(company)


# --- what a wrong answer costs -------------------------------------------------------------


def asked_about(company, **changes):
    """A question about the second requirement of the first item, answered wrongly."""
    sheet = entering.opened(company)
    question(company, item="I01", requirement=2, **changes)
    (row,) = drawn(company)
    return sheet, noted(company, row, note="说成五声")


def observed(company, answer, points="1.2", **more):
    asked = {"by": company.auditor, "at": AT + timedelta(minutes=1)}
    return observe_answer(answer=answer, points=entering.Decimal(points), **asked | more)


def test_a_wrong_answer_costs_on_its_requirement_by_this_method(company):
    sheet, answer = asked_about(company)
    seen = observed(company, answer)
    assert seen.requirement == entering.requirement(sheet, 1, 2)
    assert (seen.method, seen.points) == (Method.POST_QUESTION, entering.Decimal("1.2"))
    assert all(word in seen.note for word in ("客户服务 · 员工", "业主来电", "答错", "说成五声"))
    assert list(seen_on(answer.drawn.draw.visit, company.center)) == [seen]
    assert observed(company, answer) == seen
    assert VisitObservation.objects.get().answer == answer
    entry = history_of(answer.drawn.draw.visit)[0]
    assert (entry.verb, entry.detail["observation"]) == ("observe_post_answer", str(seen.pk))


def test_an_amount_outside_the_range_and_a_submitted_sheet_are_refused(company):
    sheet, answer = asked_about(company)
    assert refusal(observed, company, answer, "2.5") == "amount"
    entering.confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert refusal(observed, company, answer) == "submitted"
    assert not VisitObservation.objects.exists()


def test_only_a_standing_wrong_answer_about_a_requirement_costs(company):
    bank(company, 1)
    (row,) = drawn(company)
    first = noted(company, row)
    assert refusal(observed, company, first) == "no_requirement"
    second = noted(company, row, "right", replaces=first)
    assert refusal(observed, company, first) == "replaced"
    assert refusal(observed, company, second) == "right"


def test_the_sheet_is_opened_where_there_is_none(company):
    entering.rubric(company)
    question(company, item="I03", requirement=1)
    (row,) = drawn(company)
    seen = observed(company, noted(company, row, "partly"), "0.5")
    assert (seen.sheet.project, seen.sheet.opened_by) == (company.one, company.auditor)


def test_the_page_proposes_an_amount_and_then_shows_what_it_cost(company):
    _sheet, answer = asked_about(company)
    held = answer.drawn.draw.visit
    (said,) = VisitQuestions(held, company.auditor).rounds[0].rows[0].said
    assert (said.about.requirement.number, said.amount) == (2, entering.Decimal("1.2"))
    seen = observed(company, answer)
    withdraw(observation=seen, by=company.auditor, at=AT + timedelta(minutes=2))
    (said,) = VisitQuestions(held, company.auditor).rounds[0].rows[0].said
    assert (said.about, said.source.observation, said.is_withdrawn) == (None, seen, True)


# --- a correction ----------------------------------------------------------------------------


def corrected(company, answer, result, **more):
    return noted(company, answer.drawn, result, replaces=answer, **more)


def test_correcting_to_right_gives_the_points_back_on_record(company):
    _sheet, answer = asked_about(company)
    seen = observed(company, answer)
    before = len(found_wrong(company))  # the rubric was made past the application
    right = corrected(company, answer, "right")
    seen.refresh_from_db()
    assert seen.withdrawal.by == company.auditor
    records = {each.verb: each for each in history_of(answer.drawn.draw.visit)}
    assert records["withdraw_post_answer"].detail["answer"] == str(right.pk)
    assert len(found_wrong(company)) == before


def test_what_somebody_else_noted_stays_and_the_page_says_whose_it_is(company):
    _sheet, answer = asked_about(company)
    held = answer.drawn.draw.visit
    seen = observed(company, answer)
    held.auditors.add(company.center)
    corrected(company, answer, "right", by=company.center)
    assert not hasattr(seen, "withdrawal")
    (said,) = VisitQuestions(held, company.center).rounds[0].rows[0].said
    assert (said.is_outdated, said.is_others) == (True, True)


def test_a_correction_holds_where_the_sheet_was_submitted(company):
    sheet, answer = asked_about(company)
    seen = observed(company, answer)
    entering.confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert corrected(company, answer, "right").result == "right"
    assert not hasattr(seen, "withdrawal")


def test_another_wrong_answer_asks_about_the_points_and_takes_them_anew(client, company):
    _sheet, answer = asked_about(company)
    seen = observed(company, answer)
    partly = corrected(company, answer, "partly")
    assert not hasattr(seen, "withdrawal")
    client.force_login(company.auditor)
    page = home(answer.drawn.draw.visit)
    address = f"{page}answers/{partly.pk}/back/"
    assert address in client.get(page).content.decode()
    client.post(address)
    seen.refresh_from_db()
    assert seen.withdrawal
    (said,) = VisitQuestions(answer.drawn.draw.visit, company.auditor).rounds[0].rows[0].said
    assert said.amount == entering.Decimal("0.5")
    assert observed(company, partly, "0.5").pk != seen.pk


# --- pages ---------------------------------------------------------------------------------


def home(held):
    return held.get_absolute_url()


def typed(company, result="right", **more):
    return {"id": uuid.uuid4(), "person": company.worker.pk, "result": result} | more


def test_an_auditor_draws_and_notes_one_answer_after_the_other(client, company):
    bank(company, 2)
    held = visit(company)
    client.force_login(company.auditor)
    first = client.post(f"{home(held)}draw/", {"post": "customer_service:employee", "number": 2})
    second = client.post(first.url, typed(company))
    assert second.url != first.url
    done = client.post(second.url, typed(company, name="", note="很熟练"))
    assert done.url == home(held)
    page = client.get(done.url).content.decode()
    assert all(word in page for word in ("第1问", "第2问", "答对", "马超", "很熟练"))


def test_what_was_typed_stays_where_nobody_was_named(client, company):
    bank(company, 1)
    (row,) = drawn(company)
    client.force_login(company.auditor)
    page = client.post(row.get_absolute_url(), typed(company, person="", note="说不清楚"))
    assert page.status_code == 422
    assert all(word in page.content.decode() for word in ("写明问了谁", "说不清楚"))


def test_a_wrong_answer_costs_points_in_one_tap(client, company):
    sheet, answer = asked_about(company)
    client.force_login(company.auditor)
    page = client.get(answer.drawn.get_absolute_url()).content.decode()
    address = f"{home(answer.drawn.draw.visit)}answers/{answer.pk}/observe/"
    assert f'action="{address}"' in page
    client.post(address, {"points": "1.2"})
    page = client.get(home(answer.drawn.draw.visit)).content.decode()
    assert f"{sheet.get_absolute_url()}?item=I01#I01" in page
    assert address not in page


def test_the_deduction_leads_back_to_the_visit_for_whom_may_know_of_it(client, company):
    sheet, answer = asked_about(company)
    observed(company, answer)
    entering.confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    visit = answer.drawn.draw.visit
    assert leads_there(client, company, sheet, visit) == [True, False]
    finish_visit(visit=visit, by=company.auditor, at=AT)
    assert leads_there(client, company, sheet, visit) == [True, True]


def leads_there(client, company, sheet, visit):
    found = []
    for person in (company.center, company.manager):
        client.force_login(person)
        found.append(home(visit) in client.get(sheet.get_absolute_url()).content.decode())
    return found


@pytest.mark.parametrize(
    ("person", "before", "after"),
    [
        ("auditor", 200, 200), ("center", 200, 200), ("executive", 200, 200),
        ("manager", 404, 200), ("worker", 404, 200), ("other_manager", 404, 404),
    ],
)  # fmt: skip
def test_its_project_learns_of_it_when_it_is_over(client, company, person, before, after):
    bank(company, 1)
    (row,) = drawn(company)
    noted(company, row, note="说成五声")
    held = row.draw.visit
    client.force_login(getattr(company, person))
    assert client.get(home(held)).status_code == before
    finish_visit(visit=held, by=company.auditor, at=AT)
    page = client.get(home(held))
    assert page.status_code == after
    assert ("第1问" in page.content.decode()) == (after == 200)
    assert "三声内接听" not in page.content.decode()


def test_of_a_project_only_its_leaders_and_the_person_learn_who_said_what(client, company):
    colleague = cast.person("emp02", "王芳", Role.EMPLOYEE, project=company.one)
    bank(company, 1)
    (row,) = drawn(company)
    noted(company, row)
    finish_visit(visit=row.draw.visit, by=company.auditor, at=AT)
    named = {}
    for person in (company.manager, company.worker, colleague):
        client.force_login(person)
        named[person.name] = "马超 · 员工" in client.get(home(row.draw.visit)).content.decode()
    assert named == {"陈立群": True, "马超": True, "王芳": False}


@pytest.mark.parametrize(("person", "answer"), [("center", 403), ("lead", 403), ("manager", 404)])
def test_nobody_but_its_auditors_asks(client, company, person, answer):
    bank(company, 1)
    (row,) = drawn(company)
    said = noted(company, row)
    client.force_login(getattr(company, person))
    address = home(row.draw.visit)
    answers = [
        client.post(f"{address}draw/", {"post": "customer_service:employee", "number": 1}),
        client.get(row.get_absolute_url()),
        client.post(f"{address}answers/{said.pk}/observe/", {"points": "1"}),
    ]
    assert [each.status_code for each in answers] == [answer] * 3


def test_an_auditor_of_another_specialty_takes_no_points(client, company):
    entering.rubric(company, "order")
    question(company, specialty=company.lines["order"], item="I01", requirement=1)
    held = visit(company, auditors=[company.lead])
    made = draw_questions(
        visit=held, specialty=company.lines["order"], role=Role.EMPLOYEE, number=1,
        by=company.lead, at=AT,
    )  # fmt: skip
    said = noted(company, made.drawn.get(), by=company.lead)
    client.force_login(company.lead)
    page = client.get(home(held)).content.decode()
    address = f"{home(held)}answers/{said.pk}/observe/"
    assert address not in page
    assert client.post(address, {"points": "1"}).status_code == 403


@pytest.mark.parametrize("where", ["visit", "ask"])
def test_the_pages_ask_as_often_for_many(client, company, where):
    entering.opened(company)
    for n in range(1, 9):
        question(company, f"第{n}问", item="I01", requirement=1 + n % 4)
    rows = drawn(company, number=8)
    address = home(rows[0].draw.visit) if where == "visit" else rows[0].get_absolute_url()
    client.force_login(company.auditor)
    counts = []
    for row in rows:
        answer = noted(company, row)
        observed(company, answer, "0.5")
        if row.position in (2, 8):
            counts.append(queries_of(lambda: client.get(address)))
    assert counts[0] == counts[1]


def test_the_center_takes_every_answer_of_the_campaign_as_a_list(client, company):
    _sheet, answer = asked_about(company)
    observed(company, answer)
    client.force_login(company.executive)
    address = "/c/c11/inspection/answers/excel/"
    _heads, row = rows_of(client.get(address).content)
    assert row[1:9] == (
        "P01", "锦澜府", "客户服务", "员工", "业主来电，几声内接听？", "马超", "员工", "答错",
    )  # fmt: skip
    assert row[-1] == 1.2
    client.force_login(company.lead)
    assert client.get(address).status_code == 403


def test_a_visit_that_was_cancelled_asks_nothing(client, company):
    held = visit(company, started=False)
    client.force_login(company.auditor)
    assert client.get(home(held)).context["questions"] is None
    assert AuditVisit.objects.get().draws.count() == 0


def test_a_refused_draw_and_a_refused_amount_keep_what_was_typed(client, company):
    _sheet, answer = asked_about(company)
    question(company, role=Role.TEAM_LEADER)
    client.force_login(company.auditor)
    page = home(answer.drawn.draw.visit)
    sent = {"post": "customer_service:team_leader", "number": "77"}
    again = client.post(f"{page}draw/", sent, follow=True).content.decode()
    assert (
        'value="77"' in again and '<option value="customer_service:team_leader" selected>' in again
    )
    for back in ("visit", "ask"):
        sent = {"points": "9.7", "back": back}
        again = client.post(f"{page}answers/{answer.pk}/observe/", sent, follow=True)
        assert 'value="9.7"' in again.content.decode()
