"""The question bank: read from Excel and back, changed, retired; what was asked stays."""

from decimal import Decimal

import pytest
from django.utils import translation

from inspections.exam.answers import answer_of, faults
from inspections.exam.bank import (
    edit_question,
    import_questions,
    remove_question,
    restore_question,
    retire_question,
)
from inspections.exam.question_list import QUESTIONS, contents_of, questions_workbook
from inspections.exam.words import QuestionKind, kind_named
from inspections.models import Question
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.list_file import read_list
from organization.lists import ListRefused
from organization.models import HistoryEntry
from tests.inspections.examining import (
    BEFORE,
    SEVERAL,
    TRUTH,
    bank,
    begun,
    content,
    online,
    question,
)

HEADS = "题型,题干,选项A,选项B,选项C,选项D,答案,分值,知识点,解析"
ROWS = (
    "单选,值班电话响几声内接听？,一声,三声,五声,十声,B,5,服务礼仪,三声之内",
    "多选题,交接班要写什么？,钥匙,天气,未完事项,设备,\"A,C、D\",10,交接班,",
    "判断,夜间巡查可以只签字。,,,,,×,5,巡查,",
)  # fmt: skip


def listed(*rows, heads=HEADS):
    return read_list("\n".join((heads, *rows)).encode(), QUESTIONS).rows


def imported(company, *rows):
    contents = contents_of(listed(*rows or ROWS))
    line = company.lines["customer_service"]
    return import_questions(specialty=line, contents=contents, by=company.lead, at=BEFORE)


def refused(*rows, heads=HEADS):
    with pytest.raises(ListRefused) as refusal:
        contents_of(listed(*rows, heads=heads))
    return [(each.cell, each.message) for each in refusal.value.errors]


# --- what answers and kinds are called -----------------------------------------------------


@pytest.mark.parametrize("text", ["ABD", "a,b,d", "A、B、D", "D B A", "A；B；D", "ＡＢＤ", "a|b|d"])
def test_letters_are_understood_however_they_are_written(text):
    assert answer_of(QuestionKind.MULTIPLE, text, ("一", "二", "三", "四")) == "ABD"


@pytest.mark.parametrize(
    ("text", "letter"),
    [("对", "A"), ("√", "A"), ("T", "A"), ("true", "A"), ("正确", "A"), ("是", "A"), ("A", "A"),
     ("错", "B"), ("×", "B"), ("F", "B"), ("FALSE", "B"), ("错误", "B"), ("否", "B"), ("x", "B")],
)  # fmt: skip
def test_true_and_false_have_many_words(text, letter):
    assert answer_of(QuestionKind.TRUTH, text) == letter


def test_a_letter_of_a_truth_question_means_what_stands_in_that_option():
    assert answer_of(QuestionKind.TRUTH, "A", ("错", "对")) == "B"
    assert answer_of(QuestionKind.TRUTH, "B", ("错", "对")) == "A"


@pytest.mark.parametrize("text", ["E", "AA", "也许", "12", ""])
def test_what_means_no_option_is_no_answer(text):
    assert answer_of(QuestionKind.SINGLE, text, ("一", "二", "三", "四")) is None


def test_an_options_own_words_are_an_answer_too():
    assert answer_of(QuestionKind.SINGLE, "三声", ("一声", "三声")) == "B"


@pytest.mark.parametrize(
    ("word", "kind"),
    [("单选", "single"), ("多项选择题", "multiple"), ("判断题", "truth"),
     ("Single choice", "single"), ("True or false", "truth"), ("简答", None)],
)  # fmt: skip
def test_kinds_have_many_words(word, kind):
    assert kind_named(word) == kind


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("text", {"text": ""}), ("text", {"text": "长" * 1001}),
        ("options", {"options": ("只有一个",)}),
        ("options", {"options": ("一", "", "三")}), ("options", {"options": ("一", "一 ")}),
        ("answer", {"answer": ""}), ("answer", {"answer": "AB"}), ("answer", {"answer": "H"}),
        ("points", {"points": Decimal(0)}), ("points", {"points": Decimal("1.005")}),
        ("points", {"points": Decimal(101)}), ("topic", {"topic": "长" * 61}),
    ],
)  # fmt: skip
def test_what_may_not_be_asked_is_named_by_its_field(field, changes):
    assert list(faults(content(**changes))) == [field]


# --- from Excel and back -------------------------------------------------------------------


def test_a_list_becomes_questions(company):
    plan = imported(company)
    assert (len(plan.added), len(plan.changed), plan.unchanged) == (3, 0, 0)
    found = {each.kind: each for each in company.lines["customer_service"].questions.all()}
    assert (found["single"].answer, found["single"].options[1]) == ("B", "三声")
    assert (found["multiple"].answer, found["multiple"].points) == ("ACD", 10)
    assert (found["truth"].answer, found["truth"].options) == ("B", [])


def test_the_same_list_again_changes_nothing_and_leaves_no_record(company):
    imported(company)
    before = HistoryEntry.objects.count()
    plan = imported(company)
    assert plan.does_nothing and plan.unchanged == 3
    assert (Question.objects.count(), HistoryEntry.objects.count()) == (3, before)


def test_a_changed_row_changes_its_question_and_no_other(company):
    imported(company)
    plan = imported(company, ROWS[0].replace(",5,", ",8,"), *ROWS[1:])
    assert (len(plan.changed), plan.unchanged) == (1, 2)
    assert Question.objects.get(kind="single").points == 8
    assert Question.objects.count() == 3


def test_every_bad_cell_is_named_and_nothing_is_written(company):
    rows = (
        "填空,题一,甲,乙,,,A,5,,",
        "单选,题二,甲,,丙,,A,五分,,",
        "单选,题三,甲,,丙,,A,5,,",
        "单选,题四,甲,乙,,,E,5,,",
        "判断,,,,,,也许,5,,",
        "单选,题四,甲,乙,,,A,5,,",
    )
    assert refused(*rows) == [
        ("A2", "没有“填空”这种题型。"),
        ("H3", "分值要写数字。"),
        ("D4", "选项中间不能空着。"),
        ("G5", "看不懂答案“E”：写选项字母，判断题写对或错。"),
        ("B6", "缺“题干”。"),
        ("B7", "这一行和前面的重复。"),
    ]
    assert not Question.objects.exists()


def test_a_file_that_is_no_question_list_says_what_is_missing():
    with pytest.raises(ListRefused, match="题型"):
        listed("马超,90", heads="姓名,得分")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_export_imports_as_the_same_questions(company, language):
    bank(company)
    question(company, "=1+1 等于几？", options=("2", "=2", "两\n个", "“二”🙂"), topic="")
    with translation.override(language):
        data = questions_workbook(company.lines["customer_service"].questions.active())
    line = company.lines["customer_service"]
    contents = contents_of(read_list(data, QUESTIONS).rows)
    plan = import_questions(specialty=line, contents=contents, by=company.lead, at=BEFORE)
    assert plan.does_nothing and plan.unchanged == 4


# --- changing and retiring -----------------------------------------------------------------


def test_a_question_is_edited_with_its_old_words_on_record(company):
    one = question(company)
    edit_question(question=one, content=content(answer="B"), by=company.lead, at=BEFORE, revision=0)
    one.refresh_from_db()
    assert (one.answer, one.revision) == ("B", 1)
    assert history_of(one).first().detail["old"]["answer"] == "A"


def test_a_stale_page_is_told_so(company):
    one = question(company)
    edit_question(question=one, content=content(answer="B"), by=company.lead, at=BEFORE, revision=0)
    with pytest.raises(Conflict):
        edit_question(question=one, content=content(), by=company.center, at=BEFORE, revision=0)


def test_a_question_that_was_asked_is_replaced_and_never_changed(company):
    one = question(company)
    attempt = begun(online(company), company.clerk)
    new = edit_question(question=one, content=content(answer="B"), by=company.lead, at=BEFORE)
    one.refresh_from_db()
    assert new.pk != one.pk and one.retired_at and one.answer == "A"
    assert attempt.answers.get().question == one


def test_the_same_words_twice_are_refused(company):
    question(company)
    with pytest.raises(Refused) as refusal:
        question(company, " 接待来访客户， 第一步做什么？")
    assert (refusal.value.code, refusal.value.field) == ("twin", "text")


def test_retired_and_taken_into_use_again(company):
    one = question(company)
    retire_question(question=one, by=company.lead, at=BEFORE)
    assert not Question.objects.active().exists()
    with pytest.raises(Refused):
        retire_question(question=one, by=company.lead, at=BEFORE)
    restore_question(question=one, by=company.lead, at=BEFORE)
    assert Question.objects.active().get() == one
    verbs = list(history_of(one).values_list("verb", flat=True))
    assert verbs == ["restore_question", "retire_question", "add_question"]


def test_only_what_nobody_was_asked_is_deleted(company):
    one, several, _truth = bank(company)
    exam = online(company, questions=[several])
    with pytest.raises(Refused):
        remove_question(question=several, by=company.lead, at=BEFORE)
    begun(exam, company.clerk)
    with pytest.raises(Refused):
        remove_question(question=several, by=company.lead, at=BEFORE)
    remove_question(question=one, by=company.lead, at=BEFORE)
    assert not Question.objects.filter(pk=one.pk).exists()


def test_one_of_a_kind_each(company):
    assert [each.right for each in bank(company)] == ["A", SEVERAL["answer"], "对"]
    assert TRUTH["answer"] == "A"
