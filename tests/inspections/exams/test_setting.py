"""Setting an exam: who is invited and told, what fits together, until when it may change."""

from datetime import timedelta

import pytest

from campaign.models import Message
from inspections.exam.results import enter_result
from inspections.exam.setting import add_seat, call_off_exam, change_exam
from inspections.exam.words import ExamForm
from inspections.models import Exam, Seat
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import Post
from organization.roles import Role
from tests import cast
from tests.inspections.examining import (
    AFTER,
    BEFORE,
    DURING,
    OPENS,
    bank,
    begun,
    exam,
    online,
    seat,
    terms,
)
from tests.owed import owed_in
from tests.queries import queries_of


def invited(held):
    return sorted(held.seats.values_list("name", flat=True))


def refusal(company, **changes):
    with pytest.raises(Refused) as refused:
        exam(company, **changes)
    assert not Exam.objects.exists() and not Seat.objects.exists()
    return refused.value.code, refused.value.field


# --- who is invited ------------------------------------------------------------------------


def test_everybody_of_the_specialty_in_the_projects_that_take_part_is_invited(company):
    cast.person("far", "外人", Role.EMPLOYEE, project=cast.project("P09", "别处"),
                specialty=company.lines["customer_service"])  # fmt: skip
    assert invited(exam(company)) == ["林小雨", "王芳", "赵欣"]


def test_projects_and_roles_narrow_it(company):
    assert invited(exam(company, projects=[company.one])) == ["林小雨", "王芳"]
    assert invited(exam(company, roles=[Role.TEAM_LEADER])) == ["赵欣"]


def test_all_of_a_project_may_be_asked_whatever_their_specialty(company):
    held = exam(company, projects=[company.one], is_for_all=True)
    assert invited(held) == ["刘晓燕", "林小雨", "王芳", "陈立群", "马超"]


def test_who_has_left_is_not_invited_and_two_posts_are_one_seat(company):
    Post.objects.filter(user=company.clerk_two).update(until=BEFORE.date())
    cast.post(company.clerk, Role.TEAM_LEADER, project=company.two,
              specialty=company.lines["customer_service"])  # fmt: skip
    held = exam(company)
    assert invited(held) == ["林小雨", "赵欣"]
    assert seat(held, company.clerk).project == company.two


def test_who_is_invited_is_told_and_nobody_else(company):
    held = exam(company)
    told = Message.objects.values_list("person__username", "url")
    assert {name for name, _url in told} == {"clerk1", "clerk2", "clerk3"}
    assert {url for _name, url in told} == {held.get_absolute_url()}


# --- what fits together --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"closes_at": OPENS}, "closes_at"),
        ({"closes_at": OPENS + timedelta(days=90)}, "closes_at"),
        ({"opens_at": cast.moment(2011, 9, 9)}, "opens_at"),
        ({"pass_mark": 101}, "pass_mark"),
        ({"full_marks": 0, "pass_mark": 0}, "full_marks"),
        ({"title": "  "}, "title"),
        ({"roles": [Role.DEPUTY_PROJECT_MANAGER]}, "projects"),
        ({"form": ExamForm.ONLINE, "minutes": None}, "minutes"),
        ({"form": ExamForm.ONLINE, "minutes": 30}, "draws"),
        ({"form": ExamForm.ONLINE, "minutes": 30, "draws": {"服务礼仪": 9}}, "draws"),
        ({"form": ExamForm.ONLINE, "minutes": 30, "attempts_allowed": 0}, "attempts_allowed"),
    ],
)  # fmt: skip
def test_terms_that_do_not_fit_are_refused_beside_their_field(company, changes, where):
    bank(company)
    assert refusal(company, **changes)[1] == where


def test_an_exam_that_would_be_over_is_refused(company):
    assert refusal(company, at=AFTER) == ("past", "closes_at")


def test_no_exam_before_the_campaign_runs_or_after_it_was_closed(company):
    company.campaign.closed_at = BEFORE
    assert refusal(company)[0] == "closed"


# --- until when it may change --------------------------------------------------------------


def test_a_change_invites_anew_and_tells_only_of_another_day_or_place(company):
    held = exam(company)
    narrowed = terms(projects=[company.one])
    change_exam(exam=held, terms=narrowed, by=company.lead, at=BEFORE, revision=0)
    assert invited(held) == ["林小雨", "王芳"]
    assert Message.objects.count() == 3
    moved = terms(projects=[company.one], place="一楼")
    change_exam(exam=held, terms=moved, by=company.lead, at=BEFORE)
    assert Message.objects.count() == 5


def test_a_stale_page_does_not_overwrite(company):
    held = exam(company)
    change_exam(exam=held, terms=terms(place="一楼"), by=company.lead, at=BEFORE, revision=0)
    with pytest.raises(Conflict):
        change_exam(exam=held, terms=terms(), by=company.center, at=BEFORE, revision=0)


def test_nothing_changes_once_somebody_has_begun(company):
    held = online(company)
    begun(held, company.clerk)
    for act in (
        lambda: change_exam(exam=held, terms=terms(), by=company.lead, at=DURING),
        lambda: call_off_exam(exam=held, reason="停电", by=company.lead, at=DURING),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "begun"


def test_nothing_changes_once_there_is_a_result(company):
    held = exam(company)
    mine = seat(held, company.clerk)
    enter_result(seat=mine, points=None, absent=True, by=company.lead, at=DURING)
    with pytest.raises(Refused, match="不能再改"):
        change_exam(exam=held, terms=terms(), by=company.lead, at=DURING)


def test_called_off_with_a_reason_and_everybody_is_told(company):
    held = exam(company)
    with pytest.raises(Refused):
        call_off_exam(exam=held, reason=" ", by=company.lead, at=BEFORE)
    call_off_exam(exam=held, reason="台风", by=company.lead, at=BEFORE)
    assert held.state(at=DURING).code == "called_off"
    assert Message.objects.filter(body="台风").count() == 3
    assert history_of(held).first().reason == "台风"


# --- people without an account -------------------------------------------------------------


def test_somebody_without_an_account_joins_by_name(company):
    held = exam(company)
    add_seat(exam=held, name=" 老 李 ", project=company.one, by=company.lead, at=DURING)
    assert "老 李" in invited(held)
    with pytest.raises(Refused) as refused:
        add_seat(exam=held, name="老 李", project=company.one, by=company.lead, at=DURING)
    assert refused.value.code == "twice"


@pytest.mark.parametrize("name", ["", "长" * 61])
def test_a_name_that_is_none_is_refused(company, name):
    with pytest.raises(Refused) as refused:
        add_seat(exam=exam(company), name=name, project=None, by=company.lead, at=DURING)
    assert refused.value.field == "name"


def test_an_exam_held_here_needs_accounts(company):
    with pytest.raises(Refused) as refused:
        add_seat(exam=online(company), name="老李", project=None, by=company.lead, at=DURING)
    assert refused.value.code == "online"


# --- what is due ---------------------------------------------------------------------------


def due(company, at):
    owed = owed_in(company.campaign, at, "exam", "exam_results")
    return [(thing.split(":")[0], each.due, sorted(each.people)) for thing, each in owed.items()]


def test_an_exam_is_due_from_who_has_not_sat_it(company):
    held = online(company)
    attempt = begun(held, company.clerk)
    people = [company.clerk.pk, company.clerk_two.pk, company.clerk_other.pk]
    assert due(company, DURING) == [("exam", OPENS.date(), sorted(people))]
    attempt.handed_in_at = DURING
    attempt.save()
    assert due(company, DURING) == [("exam", OPENS.date(), sorted(people[1:]))]
    assert due(company, AFTER) == []


def test_results_are_due_from_the_lead_and_the_center_once_an_exam_is_over(company):
    held = exam(company)
    people = sorted([company.lead.pk, company.center.pk, company.auditor.pk])
    last = OPENS.date() + timedelta(days=3)
    assert due(company, AFTER) == [("exam_results", last, people)]
    for each in held.seats.all():
        enter_result(seat=each, points=80, by=company.lead, at=AFTER)
    assert due(company, AFTER) == []


def test_what_is_due_asks_the_same_of_the_database_for_few_and_many(company):
    exam(company)
    few = queries_of(lambda: due(company, DURING))
    for number in range(8):
        exam(company, title=f"第 {number} 场")
    assert queries_of(lambda: due(company, DURING)) == few
