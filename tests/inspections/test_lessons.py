"""What is kept, and how a similar problem finds it again."""

import pytest

from inspections.learning.lessons import (
    edit_lesson,
    keep_from_finding,
    keep_from_problem,
    lessons_like,
    searched,
    withdraw_lesson,
)
from inspections.learning.pieces import pieces_of
from inspections.models import Lesson
from organization.errors import Conflict, Refused
from tests import cast
from tests.inspections.learning import AT, closed_seminar, lesson, seminar_of, verified
from tests.inspections.writing import finding_of
from tests.queries import queries_of


def found(problem, **like):
    return [offer.lesson.problem for offer in lessons_like(problem, **like)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("配电房", {"配电", "电房"}),
        ("UPS电池", {"ups", "电池"}),
        ("门", {"门"}),
        ("Ｐ２泵，fire pump", {"p2", "泵", "fire", "pump"}),
        ("没有的", {"有的"}),
        ("😀'\"", set()),
    ],
)
def test_words_are_cut_by_two_characters_and_latin_ones_stay_whole(text, pieces):
    assert pieces_of(text) == pieces


def test_a_verified_finding_becomes_a_lesson_once(company):
    finding = verified(company)
    kept = keep_from_finding(finding=finding, by=company.center, at=AT)
    assert (kept.problem, kept.method) == (finding.problem, finding.rectification)
    assert kept.photos.count() == 2
    with pytest.raises(Refused) as refused:
        keep_from_finding(finding=finding, by=company.center, at=AT)
    assert refused.value.code == "already"


def test_what_is_not_verified_or_not_closed_is_no_lesson_yet(company):
    with pytest.raises(Refused):
        keep_from_finding(finding=finding_of(company), by=company.center, at=AT)
    with pytest.raises(Refused):
        keep_from_problem(
            problem=seminar_of(company, "前台无人").problems.get(), by=company.lead, at=AT
        )


def test_a_seminars_solution_becomes_a_lesson(company):
    problem = closed_seminar(company).problems.get()
    kept = keep_from_problem(problem=problem, by=company.lead, at=AT)
    assert (kept.method, kept.specialty) == (problem.solution, company.lines["customer_service"])


def test_a_lesson_without_words_is_refused(company):
    with pytest.raises(Refused) as refused:
        lesson(company, method="  ")
    assert refused.value.field == "method"


def test_the_same_requirement_comes_first_whatever_the_words(company):
    rubric = cast.rubric(company.campaign, company.lines["facilities"])
    requirement = rubric.items.first().requirements.first()
    lesson(company, "挡鼠板高度不够", "加高")
    lesson(
        company, "照明损坏", "更换", specialty=company.lines["facilities"], requirement=requirement
    )
    later = cast.campaign("c12", projects=[company.one])
    same = cast.rubric(later, company.lines["facilities"]).items.first().requirements.first()
    assert found("挡鼠板高度不够", requirement=same) == ["照明损坏", "挡鼠板高度不够"]


def test_similar_chinese_words_find_a_lesson_and_others_do_not(company):
    lesson(company, "配电房缺少防小动物设施", "加装挡鼠板")
    lesson(company, "客户投诉无人回访", "两小时内回访")
    assert found("三期配电房没有防小动物挡板") == ["配电房缺少防小动物设施"]
    assert found("电梯困人救援演练记录缺失") == []
    assert found("客户停车费发票开具") == []  # one pair in common is chance


def test_more_in_common_comes_first_and_the_own_specialty_decides_a_tie(company):
    lines = company.lines
    lesson(company, "消防通道堆放杂物", "清理", specialty=lines["environment"])
    lesson(company, "消防通道堆放杂物", "清理", specialty=lines["order"])
    lesson(company, "消防通道标识缺失", "补齐", specialty=lines["order"])
    first = lessons_like("消防通道堆放杂物", None, lines["environment"])[0].lesson
    assert first.specialty == lines["environment"]
    assert found("消防通道堆放杂物")[-1] == "消防通道标识缺失"


def test_an_edited_lesson_is_found_by_its_new_words(company):
    kept = lesson(company, "照明损坏", "更换灯具")
    edit_lesson(
        lesson=kept, revision=0, changes={"problem": "地下车库积水"}, by=company.center, at=AT
    )
    assert found("地下车库积水") == ["地下车库积水"]
    assert not searched(Lesson.objects.all(), "照明").exists()


def test_a_withdrawn_lesson_is_offered_no_more(company):
    kept = lesson(company)
    withdraw_lesson(lesson=kept, reason="不准确", by=company.center, at=AT)
    assert found(kept.problem) == []
    with pytest.raises(Refused):
        withdraw_lesson(lesson=kept, reason="再来", by=company.center, at=AT)


def test_a_page_older_than_the_lesson_meets_a_conflict(company):
    kept = lesson(company)
    edit_lesson(lesson=kept, revision=0, changes={"method": "甲"}, by=company.center, at=AT)
    with pytest.raises(Conflict):
        edit_lesson(lesson=kept, revision=0, changes={"method": "乙"}, by=company.auditor, at=AT)


def test_a_search_needs_every_piece(company):
    lesson(company, "配电房缺少挡鼠板", "加装")
    assert searched(Lesson.objects.all(), "挡鼠板").exists()
    assert not searched(Lesson.objects.all(), "挡鼠板 电梯").exists()


def test_offering_asks_the_same_of_few_lessons_and_of_many(company):
    lesson(company, "配电房挡鼠板缺失", "加装")
    few = queries_of(lambda: lessons_like("配电房挡鼠板缺失"))
    for number in range(30):
        lesson(company, f"配电房挡鼠板缺失{number}号", "加装")
    assert queries_of(lambda: lessons_like("配电房挡鼠板缺失")) == few
