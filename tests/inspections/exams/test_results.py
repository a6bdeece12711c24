"""Results of exams that are not held here: entered, corrected, imported, published; rates."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign.models import Message
from inspections.exam.rates import by_project, hardness, overall, topics
from inspections.exam.result_list import RESULTS, import_results, results_workbook
from inspections.exam.results import enter_result, publish_results
from inspections.exam.retakes import to_retake
from inspections.exam.sitting import hand_in
from inspections.models import Seat
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.list_file import read_list
from organization.lists import ListRefused
from tests import cast
from tests.inspections.examining import (
    AFTER,
    BEFORE,
    DURING,
    begun,
    exam,
    online,
    question,
    seat,
    tap,
)

HEADS = "账号,姓名,项目,得分,缺考,缺考原因"


def enter(company, mine, points=None, *, at=AFTER, **fields):
    points = None if points is None else Decimal(points)
    return enter_result(seat=mine, points=points, by=company.lead, at=at, **fields)


def code_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def marked(company, held, points=("92.5", "55", None)):
    people = (company.clerk, company.clerk_two, company.clerk_other)
    for person, mark in zip(people, points, strict=True):
        enter(
            company, seat(held, person), mark, absent=mark is None, remark="病假" * (mark is None)
        )
    return held


# --- one by one ----------------------------------------------------------------------------


def test_a_result_is_entered_and_the_old_value_stays_on_record(company):
    mine = seat(exam(company), company.clerk)
    enter(company, mine, "55")
    enter(company, mine, "65")
    mine.refresh_from_db()
    assert (mine.points, mine.entered_by, mine.revision) == (65, company.lead, 2)
    entry = history_of(mine).first()
    assert (entry.before, entry.after) == ("55", "65")


def test_the_same_again_leaves_no_record(company):
    mine = seat(exam(company), company.clerk)
    enter(company, mine, "55")
    enter(company, mine, "55.0")
    assert history_of(mine).count() == 1


def test_absent_with_its_reason_has_no_points(company):
    mine = seat(exam(company), company.clerk)
    assert code_of(lambda: enter(company, mine, "10", absent=True)) == "both"
    enter(company, mine, absent=True, remark="病假")
    assert mine.state(None, exam=mine.exam, is_over=True).code == "absent"


@pytest.mark.parametrize("points", ["-1", "100.5"])
def test_points_lie_within_the_full_marks(company, points):
    mine = seat(exam(company), company.clerk)
    assert code_of(lambda: enter(company, mine, points)) == "points"


def test_nothing_is_entered_before_the_exam_nor_for_one_held_here(company):
    assert (
        code_of(lambda: enter(company, seat(exam(company), company.clerk), 1, at=BEFORE)) == "early"
    )
    assert code_of(lambda: enter(company, seat(online(company), company.clerk), 1)) == "online"


def test_a_stale_row_says_what_stands_there_now(company):
    mine = seat(exam(company), company.clerk)
    enter(company, mine, "55", revision=0)
    with pytest.raises(Conflict, match="55"):
        enter(company, mine, "65", revision=0)


def test_a_correction_after_publication_needs_a_reason(company):
    held = marked(company, exam(company))
    publish_results(exam=held, by=company.lead, at=AFTER)
    mine = seat(held, company.clerk)
    assert code_of(lambda: enter(company, mine, "90")) == "reason"
    enter(company, mine, "90", reason="漏加一题")
    entry = history_of(mine).first()
    assert (entry.verb, entry.before, entry.after, entry.reason) == (
        "correct_result", "92.5", "90", "漏加一题",
    )  # fmt: skip


# --- publishing ----------------------------------------------------------------------------


def test_results_are_published_when_everybody_has_one(company):
    held = exam(company)
    assert code_of(lambda: publish_results(exam=held, by=company.lead, at=DURING)) == "running"
    assert code_of(lambda: publish_results(exam=held, by=company.lead, at=AFTER)) == "unfinished"
    marked(company, held)
    Message.objects.all().delete()
    publish_results(exam=held, by=company.lead, at=AFTER)
    assert Message.objects.filter(title__startswith="成绩已公布").count() == 3
    assert code_of(lambda: publish_results(exam=held, by=company.lead, at=AFTER)) == "already"


# --- from Excel ----------------------------------------------------------------------------


def imported(company, held, *rows):
    listed = read_list("\n".join((HEADS, *rows)).encode(), RESULTS).rows
    return import_results(exam=held, rows=listed, by=company.lead, at=AFTER)


def test_results_come_by_account_or_by_name_and_absence_in_any_word(company):
    held = exam(company)
    rows = ("clerk1,,,88.5,,", ",王芳,锦澜府,,是,病假", ",赵欣,P02,缺考,,")
    assert imported(company, held, *rows) == 3
    found = {each.name: (each.points, each.absent, each.remark) for each in held.seats.all()}
    assert found == {
        "林小雨": (Decimal("88.5"), False, ""),
        "王芳": (None, True, "病假"),
        "赵欣": (None, True, ""),
    }
    assert imported(company, held, *rows) == 0


def test_a_name_that_nobody_invited_joins_without_an_account(company):
    held = exam(company)
    imported(company, held, ',"老李 ""师傅"" 🙂",P01,70,,')
    joined = held.seats.get(person=None)
    assert (joined.name, joined.project, joined.points) == ('老李 "师傅" 🙂', company.one, 70)


def test_each_imported_result_is_on_record(company):
    held = exam(company)
    imported(company, held, "clerk1,,,88.5,,")
    imported(company, held, "clerk1,,,90,,", ",老李,P01,70,,")
    newest = history_of(seat(held, company.clerk))[0]
    assert (newest.verb, newest.before, newest.after) == ("enter_result", "88.5", "90")
    assert newest.by == company.lead and newest.reason
    assert history_of(held).get(verb="add_seat").detail == {"name": "老李"}


def test_a_longer_list_asks_no_more(company):
    counts = []
    for people in (2, 40):
        held = exam(company)
        rows = [f",客人{n},P01,70,," for n in range(people)]
        imported(company, held, *rows)
        again = [f",客人{n},P01,80,," for n in range(people)]
        with CaptureQueriesContext(connection) as asked:
            assert imported(company, held, *again) == people
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_bad_cell_is_named_and_nothing_is_written(company):
    cast.person("clerk9", "王芳", "employee", project=company.one,
                specialty=company.lines["customer_service"])  # fmt: skip
    held = exam(company)
    rows = (
        "clerk1,,,101,,", "nobody,,,80,,", ",王芳,P01,80,,", ",赵欣,P99,80,,", ",赵欣,P02,八十,,",
        "clerk2,,,80,也许,", "clerk3,,,80,是,", "clerk1,,,90,,", ",,,80,,",
    )  # fmt: skip
    with pytest.raises(ListRefused) as refused:
        imported(company, held, *rows)
    assert [(each.cell, each.message) for each in refused.value.errors] == [
        ("D2", "得分要在 0 和 100 之间。"),
        ("A3", "应考名单里没有账号“nobody”。"),
        ("B4", "有 2 个王芳，写上账号或项目。"),
        ("C5", "没有“P99”这个项目。"),
        ("D6", "得分要写数字。"),
        ("E7", "“缺考”写是或否。"),
        ("D8", "缺考的人没有得分。"),
        ("B10", "写账号，或者写姓名。"),
        ("B8", "这一行和前面的重复。"),
        ("B9", "这一行和前面的重复。"),
    ]
    assert not Seat.objects.exclude(points=None, absent=False).exists()


def test_the_export_imports_as_it_is(company):
    held = marked(company, exam(company))
    data = results_workbook(held.seats.select_related("person", "project"))
    rows = read_list(data, RESULTS).rows
    assert len(rows) == 3
    assert import_results(exam=held, rows=rows, by=company.lead, at=AFTER) == 0


# --- how it went ---------------------------------------------------------------------------


def test_pass_rates_are_of_those_invited_by_project(company):
    held = marked(company, exam(company))
    rates = {str(project): rate for project, rate in by_project(held, held.seats.all(), at=AFTER)}
    one, two = rates["锦澜府"], rates["翠屏苑"]
    assert (one.invited, one.sat, one.passed, one.percent) == (2, 2, 1, Decimal("50.0"))
    assert (one.average, one.best) == (Decimal("73.8"), Decimal("92.50"))
    assert (two.invited, two.sat, two.absent, two.percent, two.average) == (1, 0, 1, 0, None)
    assert overall(held, held.seats.all(), at=AFTER).percent == Decimal("33.3")


def test_who_never_came_to_an_exam_held_here_was_absent_in_the_end(company):
    held = online(company)
    hand_in(attempt=begun(held, company.clerk), by=company.clerk, at=DURING)
    during, after = (overall(held, held.seats.all(), at=at) for at in (DURING, AFTER))
    assert (during.absent, during.open) == (0, 2)
    assert (after.absent, after.open, after.sat) == (2, 0, 1)


def test_the_pass_mark_itself_passes(company):
    held = marked(company, exam(company), points=("60", "59.99", "0"))
    assert overall(held, held.seats.all(), at=AFTER).passed == 1


def test_a_retake_is_for_who_failed_or_was_absent(company):
    held = marked(company, exam(company))
    assert to_retake(held, at=DURING) == []
    assert [each.name for each in to_retake(held, at=AFTER)] == ["王芳", "赵欣"]
    again = exam(company, title="补考", retake_of=held, at=AFTER,
                 opens_at=AFTER, closes_at=AFTER.replace(hour=23))  # fmt: skip
    assert sorted(again.seats.values_list("name", flat=True)) == ["王芳", "赵欣"]


def test_the_hardest_questions_come_first_and_the_weakest_topic(company):
    easy = question(company)
    hard = question(company, "消防泵房几天巡查一次？", topic="巡查")
    held = online(company, questions=[easy, hard])
    for person, wrong in ((company.clerk, 1), (company.clerk_two, 2)):
        attempt = begun(held, person)
        tap(attempt, 1, 0)
        tap(attempt, 2, wrong)
        hand_in(attempt=attempt, by=person, at=DURING)
    running = begun(held, company.clerk_other)
    tap(running, 2, 0)
    found = hardness(held, at=DURING)
    assert [(each.question, each.asked, each.right) for each in found] == [
        (hard, 2, 0),
        (easy, 2, 2),
    ]
    assert [(each.name, each.percent) for each in topics(held, at=DURING)] == [
        ("巡查", 0), ("服务礼仪", 100),
    ]  # fmt: skip
