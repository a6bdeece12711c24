"""The question bank's pages: who may read it, from Excel, in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.models import Question
from organization.roles import Role
from tests import cast
from tests.inspections.examining import BANK, BEFORE, bank, body, workbook
from tests.queries import queries_of

CODE = "?specialty=customer_service"
HEADS = ["题型", "题干", "选项A", "选项B", "答案", "分值"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 200), ("center", 200), ("president", 200), ("admin", 404), ("manager", 404),
     ("clerk", 404), ("other_lead", 404)],
)  # fmt: skip
def test_who_may_read_the_questions(signed, company, who, status):
    order = company.lines["order"]
    company.other_lead = cast.person("lead2", "何队", Role.SPECIALTY_LEAD, specialty=order)
    one = bank(company)[0]
    client = signed(who)
    for page in (BANK, f"{BANK}excel/", f"{BANK}{one.pk}/"):
        assert client.get(page + CODE).status_code == status


def test_a_reader_of_questions_does_not_write_them(signed, company):
    one = bank(company)[0]
    client = signed("president")
    assert client.get(f"{BANK}new/{CODE}").status_code == 403
    assert client.post(f"{BANK}{one.pk}/", {"do": "retire"}).status_code == 403
    assert client.get(f"{BANK}import/{CODE}").status_code == 403


def test_the_bank_is_narrowed_by_the_address(signed, company):
    bank(company)
    client = signed("lead")
    assert "<h1>客户服务题库有 3 道题</h1>" in body(client.get(BANK))
    page = body(client.get(f"{BANK}{CODE}&kind=truth&topic=投诉处理"))
    assert "投诉要在" in page and "交接班" not in page
    assert "交接班" in body(client.get(f"{BANK}{CODE}&q=交接班&kind=nonsense&show=x&page=z"))
    assert client.get(f"{BANK}?specialty=nonsense").status_code == 404


def test_the_bank_asks_the_same_for_few_questions_and_many(signed, company):
    bank(company)
    client = signed("lead")
    few = queries_of(lambda: client.get(BANK))
    line = company.lines["customer_service"]
    about = {"specialty": line, "kind": "truth", "answer": "A", "points": 1, "created_at": BEFORE}
    Question.objects.bulk_create(Question(text=f"题 {n}", **about) for n in range(300))
    assert queries_of(lambda: client.get(BANK)) == few


# --- from Excel ----------------------------------------------------------------------------


def uploaded(client, *row):
    """What the page says that follows an upload of one row."""
    return client.post(f"{BANK}import/{CODE}", {"file": workbook(HEADS, row)}, follow=True)


def test_a_list_is_looked_at_before_it_is_confirmed(signed, company):
    client = signed("lead")
    response = uploaded(client, "单选", "甲还是乙？", "甲", "乙", "A", 5)
    assert "<h1>新增 1 道，更新 0 道</h1>" in body(response)
    assert not Question.objects.exists()
    check = response.redirect_chain[-1][0]
    assert "新增 1 道" in body(client.post(check, follow=True))
    assert Question.objects.get().answer == "A"
    assert "已经导入" in body(client.post(check, follow=True))
    again = uploaded(client, "单选", "甲还是乙？", "甲", "乙", "A", 5)
    assert "和题库一样" in body(again)


def test_a_list_with_faults_names_each_and_cannot_be_confirmed(signed, company):
    client = signed("lead")
    response = uploaded(client, "单选", "甲还是乙？", "甲", "乙", "C", 5)
    assert "E2: 看不懂答案“C”" in body(response) and "确认导入" not in body(response)
    client.post(response.redirect_chain[-1][0])
    assert not Question.objects.exists()


def test_somebody_elses_upload_does_not_exist(signed, company):
    response = uploaded(signed("lead"), "单选", "甲？", "甲", "乙", "A", 5)
    assert signed("center").get(response.redirect_chain[-1][0]).status_code == 404


def test_a_file_that_is_no_list_is_named(signed, company):
    upload = SimpleUploadedFile("题库.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    response = signed("lead").post(f"{BANK}import/{CODE}", {"file": upload})
    assert response.status_code == 422
    assert "题库.pdf”不是可以上传的文件类型" in body(response)


# --- in the browser ------------------------------------------------------------------------

TYPED = {
    "kind": "single", "text": "甲还是乙？", "option_A": "甲", "option_B": "乙", "answer": "b",
    "points": "5",
}  # fmt: skip


def test_a_question_is_written_and_changed(signed, company):
    client = signed("lead")
    client.post(f"{BANK}new/{CODE}", TYPED)
    made = Question.objects.get()
    assert (made.answer, made.options) == ("B", ["甲", "乙"])
    client.post(f"{BANK}{made.pk}/", TYPED | {"answer": "A", "revision": 0})
    made.refresh_from_db()
    assert made.answer == "A"
    response = client.post(f"{BANK}{made.pk}/", TYPED | {"text": "新写的", "revision": 0})
    assert response.status_code == 409 and "新写的" in body(response)


def test_a_question_with_a_fault_keeps_everything_typed(signed, company):
    typed = TYPED | {"answer": "D", "explanation": "因为“所以”🙂"}
    response = signed("lead").post(f"{BANK}new/{CODE}", typed)
    assert response.status_code == 422
    assert "写明正确答案" in body(response) and "因为“所以”🙂" in body(response)


@pytest.mark.parametrize(
    "changes", [{"points": "NaN"}, {"points": "0"}, {"kind": "essay"}, {"text": ""},
                {"option_B": "甲"}],
)  # fmt: skip
def test_garbage_is_a_message_and_no_error(signed, company, changes):
    assert signed("lead").post(f"{BANK}new/{CODE}", TYPED | changes).status_code == 422
    assert not Question.objects.exists()


def test_retired_restored_and_removed_on_the_page(signed, company):
    one = bank(company)[0]
    client, at = signed("lead"), f"{BANK}{one.pk}/"
    for move, words in (("retire", "已停用"), ("restore", "已恢复"), ("remove", "已删除")):
        assert words in body(client.post(at, {"do": move}, follow=True))
    assert not Question.objects.filter(pk=one.pk).exists()
