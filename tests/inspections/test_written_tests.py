"""Visits by written test: an exam of the project's people, its results, what they cost."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inspections.audit_visit.carrying_out import finish_visit, seen_on
from inspections.exam.results import enter_result, publish_results
from inspections.models import WrittenTest
from inspections.sheet.outline import forget_outlines
from inspections.sheet.sheets import submit_sheet
from inspections.words import Method
from inspections.written_test.linking import exams_for, link_exam, observe_exam
from inspections.written_test.page import TestPage
from organization.errors import Refused
from organization.history import history_of
from organization.roles import Role
from tests import cast
from tests.inspections import entering, examining
from tests.inspections.asking import AT, visit
from tests.queries import queries_of

RESULTS = {"clerk1": "45", "clerk2": "90"}


@pytest.fixture
def company(db):
    return examining.staff(cast.company())


def marked(company, *, results=RESULTS, published=True):
    """An exam on paper that is over; of project one, one passed and one failed."""
    held = examining.exam(company)
    for seat in held.seats.all():
        points = Decimal(results.get(seat.person.username, "80"))
        enter_result(seat=seat, points=points, by=company.lead, at=examining.AFTER)
    if published:
        publish_results(exam=held, by=company.lead, at=examining.AFTER)
    return held


def going(company, exam=None, **more):
    held = visit(company, method=Method.WRITTEN_TEST, **more)
    if exam:
        link_exam(visit=held, exam=exam, by=company.auditor, at=AT)
    return held


def observed(company, held, **more):
    asked = {"about": ("I01", 2), "points": Decimal("1.2"), "by": company.auditor, "at": AT}
    return observe_exam(visit=held, **{"id": uuid.uuid4()} | asked | more)


def refusal(act, *args, **asked):
    with pytest.raises(Refused) as caught:
        act(*args, **asked)
    return caught.value.code


def page(held, reader, at=AT):
    return TestPage(held, reader, at)


# --- the exam ------------------------------------------------------------------------------


def test_an_exam_of_the_projects_people_is_chosen_and_may_be_changed(company):
    first, second = marked(company), examining.exam(company)
    held = going(company, first)
    link_exam(visit=held, exam=second, by=company.auditor, at=AT)
    assert WrittenTest.objects.get().exam == second
    assert [entry.verb for entry in history_of(held)][:2] == ["link_exam"] * 2
    assert set(exams_for(held)) == {first, second}


def test_an_exam_without_the_projects_people_is_refused(company):
    other = examining.exam(company, projects=(company.two,))
    held = going(company)
    asked = {"visit": held, "exam": other, "by": company.auditor, "at": AT}
    assert refusal(link_exam, **asked) == "not_theirs"
    covert = visit(company, method=Method.COVERT)
    assert refusal(link_exam, **asked | {"visit": covert}) == "method"
    assert refusal(link_exam, **asked | {"by": company.center}) == "not_yours"


def test_what_was_taken_ties_the_visit_to_its_exam(company):
    entering.opened(company)
    held = going(company, marked(company))
    observed(company, held)
    other = examining.exam(company)
    assert refusal(link_exam, visit=held, exam=other, by=company.auditor, at=AT) == "used"


# --- results -------------------------------------------------------------------------------


def test_the_page_says_how_the_project_did(company):
    found = page(going(company, marked(company)), company.auditor)
    assert (found.rate.invited, found.rate.passed, found.rate.percent) == (2, 1, Decimal(50))
    assert found.rate.average == Decimal("67.5")
    assert [(seat.name, state.code) for seat, state in found.wanting] == [("林小雨", "failed")]


def test_of_an_exam_held_here_it_says_what_the_project_missed_most(company):
    held = examining.online(company)
    for person in (company.clerk, company.clerk_other):
        attempt = examining.begun(held, person)
        right = examining.place_of(attempt, 1, "起身微笑问候")
        examining.tap(attempt, 1, right if person == company.clerk_other else 1)
    found = page(going(company, held), company.auditor)
    assert [(each.asked, each.right) for each in found.hardest] == [(1, 0)] * 3


# --- what it costs -------------------------------------------------------------------------


def test_a_result_becomes_an_observation_that_names_exam_and_figures(company):
    sheet = entering.opened(company)
    held = going(company, marked(company))
    seen = observed(company, held)
    assert (seen.method, seen.points) == (Method.WRITTEN_TEST, Decimal("1.2"))
    assert seen.requirement == entering.requirement(sheet, 1, 2)
    assert all(word in seen.note for word in ("客户服务岗位应知应会", "合格率 50.0%", "平均 67.5"))
    assert list(seen_on(held, company.center)) == [seen]
    assert history_of(held)[0].verb == "observe_exam"


def test_nothing_costs_before_there_are_results(company):
    entering.opened(company)
    held = going(company)
    assert refusal(observed, company, held) == "no_exam"
    link_exam(visit=held, exam=examining.exam(company), by=company.auditor, at=AT)
    assert refusal(observed, company, held) == "no_result"
    assert refusal(observed, company, held, at=examining.DURING) == "running"


def test_the_ledger_keeps_its_rules(company):
    sheet = entering.opened(company)
    held = going(company, marked(company))
    assert refusal(observed, company, held, points=Decimal("2.5")) == "amount"
    assert refusal(observed, company, held, about=("I01", 9)) == "no_requirement"
    assert refusal(observed, company, held, by=company.center) == "not_yours"
    entering.confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert refusal(observed, company, held) == "submitted"
    assert page(held, company.auditor).abouts == []


def test_it_proposes_by_the_share_that_did_not_pass(company):
    entering.opened(company)
    found = page(going(company, marked(company)), company.auditor)
    assert found.amount(found.proposed) == Decimal("1.2")  # half way from 0.5 to 2, in tenths


def test_the_sheet_is_opened_where_there_is_none(company):
    entering.rubric(company)
    held = going(company, marked(company))
    about = page(held, company.auditor).proposed
    seen = observed(company, held, about=(about.line.item.code, about.requirement.number))
    assert (seen.sheet.project, seen.sheet.opened_by) == (company.one, company.auditor)


def test_where_everybody_passed_nothing_is_offered(company):
    entering.opened(company)
    found = page(going(company, marked(company, results={})), company.auditor)
    assert (found.rate.percent, found.abouts) == (Decimal(100), [])


def test_the_requirement_that_speaks_of_training_is_proposed(company):
    sheet = entering.opened(company)
    line = entering.requirement(sheet, 3, 2)
    line.text_zh_hans = "培训后有效果评估"
    line.save()
    forget_outlines()
    found = page(going(company, marked(company)), company.auditor)
    assert found.proposed.requirement == line


# --- its end -------------------------------------------------------------------------------


def test_it_ends_once_the_exam_is_over_or_with_a_reason(company):
    held = going(company, examining.exam(company))
    ending = {"visit": held, "by": company.auditor}
    assert refusal(finish_visit, **ending, at=examining.DURING) == "exam_not_over"
    assert finish_visit(**ending, at=AT).finished_at == AT
    other = going(company, day=date(2011, 11, 29))
    ending = {"visit": other, "by": company.auditor, "at": AT}
    assert refusal(finish_visit, **ending) == "exam_not_over"
    finish_visit(**ending, reason="停电，考试改期")
    assert history_of(other)[0].reason == "停电，考试改期"


# --- pages ---------------------------------------------------------------------------------


def post(client, person, address, **typed):
    client.force_login(person)
    return client.post(address, typed)


def home(held):
    return held.get_absolute_url()


def test_an_auditor_chooses_the_exam_and_takes_points_in_one_tap(client, company):
    sheet = entering.opened(company)
    exam, held = marked(company), going(company)
    post(client, company.auditor, f"{home(held)}exam/", exam=exam.pk)
    form = client.get(home(held)).context["test_form"]
    typed = {name: form[name].value() for name in ("id", "about", "points")}
    post(client, company.auditor, f"{home(held)}exam/observe/", **typed)
    (seen,) = seen_on(held, company.center)
    assert (seen.sheet, seen.points) == (sheet, Decimal("1.2"))
    text = client.get(home(held)).content.decode()
    assert all(word in text for word in ("林小雨", "50.0%", f"{sheet.get_absolute_url()}?item=I01"))


def test_what_was_typed_comes_back_where_it_is_refused(client, company):
    entering.opened(company)
    held = going(company, marked(company))
    typed = {"id": uuid.uuid4(), "about": "I02:3", "points": "7"}
    answer = post(client, company.auditor, f"{home(held)}exam/observe/", **typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="I02:3" selected' in text
    assert "扣分应在 0.5–2.0 分之间；填的是 7 分" in text


def test_without_an_amount_the_proposed_one_counts(client, company):
    entering.opened(company)
    held = going(company, marked(company))
    typed = {"id": uuid.uuid4(), "about": "I02:3", "points": ""}
    post(client, company.auditor, f"{home(held)}exam/observe/", **typed)
    assert [each.points for each in seen_on(held, company.center)] == [Decimal("1.2")]


@pytest.mark.parametrize(("person", "answer"), [("center", 403), ("lead", 403), ("manager", 404)])
def test_nobody_but_its_auditors_acts(client, company, person, answer):
    entering.opened(company)
    exam = marked(company)
    held = going(company, exam)
    who = getattr(company, person)
    found = [
        post(client, who, f"{home(held)}exam/", exam=exam.pk),
        post(client, who, f"{home(held)}exam/observe/", id=uuid.uuid4(), about="I01:1"),
    ]
    assert [each.status_code for each in found] == [answer] * 2


@pytest.mark.parametrize(
    ("person", "published", "knows"),
    [
        ("center", False, True), ("manager", True, True), ("manager", False, False),
        ("worker", True, False), ("clerk", True, True), ("other_manager", True, None),
    ],
)  # fmt: skip
def test_its_project_learns_of_published_results_when_it_is_over(
    client, company, person, published, knows
):
    held = going(company, marked(company, published=published))
    client.force_login(getattr(company, person))
    before = client.get(home(held)).status_code
    finish_visit(visit=held, by=company.auditor, at=AT)
    answer = client.get(home(held))
    assert before == (200 if person == "center" else 404)
    assert answer.status_code == (404 if knows is None else 200)
    assert ("林小雨" in answer.content.decode()) == bool(knows)


def test_it_ends_on_the_page_with_the_reason_that_was_typed(client, company):
    now = timezone.now()
    exam = examining.exam(
        company, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1)
    )
    held = going(company, exam)
    answer = post(client, company.auditor, home(held), do="finish")
    assert "写明原因" in client.get(answer.url).content.decode()
    post(client, company.auditor, home(held), do="finish", reason="改期")
    held.refresh_from_db()
    assert held.finished_at


def test_the_page_asks_as_often_for_many(client, company):
    entering.opened(company)
    line = company.lines["customer_service"]
    held = going(company, marked(company, results={"clerk1": "40", "clerk2": "41"}))
    observed(company, held)
    client.force_login(company.auditor)
    few = queries_of(lambda: client.get(home(held)))
    for number in range(5):
        asked = {"project": company.one, "specialty": line}
        person = cast.person(f"more{number}", f"新人{number}", Role.EMPLOYEE, **asked)
        held.written_test.exam.seats.create(
            person=person, name=person.name, project=company.one, points=30, role=Role.EMPLOYEE
        )
        observed(company, held, about=("I02", 1 + number % 4))
    assert queries_of(lambda: client.get(home(held))) == few
    assert "新人4" in client.get(home(held)).content.decode()
