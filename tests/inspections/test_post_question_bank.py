"""The bank of post questions: who keeps it, what may stand in it, its list from Excel."""

import pytest

from inspections.models import ListUpload, PostQuestion
from inspections.post_question.bank import (
    edit_question,
    restore_question,
    retire_question,
)
from inspections.post_question.question_list import POST_QUESTIONS
from organization.errors import Conflict, Refused
from organization.history import history_of
from tests import cast
from tests.inspections import entering
from tests.inspections.asking import AT, content, question
from tests.inspections.examining import workbook
from tests.lists import rows_of
from tests.queries import queries_of

BANK = "/c/c11/post-questions/"


@pytest.fixture
def company(db):
    return cast.company()


def refusal(act, **asked):
    with pytest.raises(Refused) as caught:
        act(at=AT, **asked)
    return caught.value.field or caught.value.code


def edit(company, found, changed, **more):
    asked = {"campaign": company.campaign, "by": company.center, "at": AT}
    return edit_question(question=found, content=changed, **asked | more)


# --- what may be asked ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text_zh": ""}, "text_zh"),
        ({"answer_zh": ""}, "answer_zh"),
        ({"role": "president"}, "role"),
        ({"text_en": "x" * 301}, "text_en"),
        ({"item": "I01"}, "item"),
        ({"item": "I01", "requirement": 9}, "item"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(company, changes, field):
    entering.rubric(company)
    with pytest.raises(Refused) as caught:
        question(company, **changes)
    assert caught.value.field == field


def test_a_question_names_a_requirement_of_the_rubric_in_force(company):
    entering.rubric(company)
    made = question(company, item="I01", requirement=2)
    assert (made.item, made.requirement) == ("I01", 2)
    assert refusal_of_twin(company) == "text_zh"
    assert question(company, specialty=company.lines["order"]).text == made.text


def refusal_of_twin(company):
    with pytest.raises(Refused) as caught:
        question(company, " 业主来电， 几声内接听？")
    return caught.value.field


def test_a_change_leaves_a_record_and_a_stale_one_is_a_conflict(company):
    made = question(company)
    edit(company, made, content(company, "新的问法"), revision=0)
    assert history_of(made)[0].verb == "edit_post_question"
    with pytest.raises(Conflict):
        edit(company, made, content(company, "又一种问法"), revision=0)


def test_a_retired_one_comes_back_unless_its_words_are_in_use(company):
    made = question(company)
    retire_question(question=made, by=company.center, at=AT)
    other = question(company)
    assert refusal(restore_question, question=made, by=company.center) == "text_zh"
    retire_question(question=other, by=company.center, at=AT)
    assert not restore_question(question=made, by=company.center, at=AT).retired_at


# --- who keeps it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "read", "write"),
    [
        ("center", 200, 200), ("admin", 200, 200), ("lead", 200, 403), ("executive", 200, 403),
        ("manager", 403, 403), ("worker", 403, 403),
    ],
)  # fmt: skip
def test_the_center_and_administrators_keep_it_the_company_reads_it(
    client, company, person, read, write
):
    made = question(company)
    client.force_login(getattr(company, person))
    assert client.get(BANK).status_code == read
    assert client.get(f"{BANK}excel/").status_code == read
    assert client.get(f"{BANK}{made.pk}/").status_code == (404 if read == 403 else read)
    assert [client.get(f"{BANK}{page}/").status_code for page in ("new", "import")] == [write] * 2
    answer = client.post(f"{BANK}{made.pk}/", {"do": "retire"}).status_code
    assert answer == {200: 302, 403: 404 if read == 403 else 403}[write]


def test_a_question_is_written_on_its_page_and_what_was_typed_stays(client, company):
    client.force_login(company.center)
    typed = {"specialty": "order", "role": "team_leader", "text_zh": "发现火情先做什么？"}
    page = client.post(f"{BANK}new/", typed)
    assert page.status_code == 422
    assert "发现火情先做什么？" in page.content.decode()
    client.post(f"{BANK}new/", typed | {"answer_zh": "先报警。"})
    made = PostQuestion.objects.get()
    assert (
        client.post(f"{BANK}{made.pk}/", typed | {"answer_zh": "先报消控室。"}).status_code == 302
    )
    assert PostQuestion.objects.get().answer_zh == "先报消控室。"


def test_the_page_asks_as_often_for_many(client, company):
    client.force_login(company.center)
    counts = []
    for n in range(1, 7):
        question(company, f"第{n}问")
        if n in (2, 6):
            counts.append(queries_of(lambda: client.get(BANK)))
    assert counts[0] == counts[1]
    assert "第6问" in client.get(f"{BANK}?q=第6").content.decode()
    assert "第5问" not in client.get(f"{BANK}?q=第6").content.decode()


# --- Excel ---------------------------------------------------------------------------------

HEADS = [POST_QUESTIONS.words[column][0] for column in POST_QUESTIONS.words]
ROW = ["秩序维护", "领班", "发现火情先做什么？", "先报消控室。", "Fire?", "Call first.", "", ""]


def sent(client, *rows):
    return client.post(f"{BANK}import/", {"file": workbook(HEADS, *rows)})


def test_a_list_is_looked_at_and_then_taken_once(client, company):
    client.force_login(company.center)
    check = sent(client, ROW).url
    assert "先报消控室" in client.get(check).content.decode()
    assert not PostQuestion.objects.exists()
    client.post(check)
    made = PostQuestion.objects.get()
    assert (made.role, made.text_en) == ("team_leader", "Fire?")
    assert client.get(sent(client, ROW).url).context["plan"].changes == []


def test_a_known_question_is_brought_up_to_date(client, company):
    client.force_login(company.center)
    client.post(sent(client, ROW).url)
    client.post(sent(client, [*ROW[:3], "报消控室并灭火。", *ROW[4:]]).url)
    assert PostQuestion.objects.get().answer_zh == "报消控室并灭火。"


def test_one_bad_cell_and_nothing_is_kept(client, company):
    client.force_login(company.center)
    page = sent(client, ROW, ["绿化", "领班", "问", "答", "", "", "I01", "x"], ROW)
    assert page.status_code == 422
    text = page.content.decode()
    assert all(word in text for word in ("没有“绿化”这个专业口", "序号要写数字", "和前面的重复"))
    assert not ListUpload.objects.exists()


def test_only_who_keeps_the_bank_confirms_and_only_their_own_list(client, company):
    client.force_login(company.center)
    check = sent(client, ROW).url
    client.force_login(company.admin)
    assert client.post(check).status_code == 404
    client.force_login(company.manager)
    assert client.post(check).status_code == 404
    assert not PostQuestion.objects.exists()


def test_the_export_imports_as_the_same(client, company):
    entering.rubric(company)
    question(company, item="I02", requirement=3)
    client.force_login(company.center)
    heads, *rows = rows_of(client.get(f"{BANK}excel/").content)
    assert rows[0][6:] == ("I02", 3)
    answer = client.post(f"{BANK}import/", {"file": workbook(list(heads), *map(list, rows))})
    assert client.get(answer.url).context["plan"].changes == []
