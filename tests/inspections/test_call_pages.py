"""Pages of call-backs: who opens them, what they show, and what they never show."""

import io

import openpyxl
import pytest

from inspections.audit_visit.carrying_out import finish_visit
from inspections.callback.questionnaire import USUAL
from inspections.callback.results import VisitResult
from inspections.callback.sampling import draw_customers
from inspections.models import Call, Customer, CustomerUpload, Observation
from organization.history import history_of
from organization.models import Post
from organization.roles import Role
from tests import cast
from tests.inspections import entering
from tests.inspections.calling import (
    AT,
    DECLINED,
    MISSED,
    a_file,
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
from tests.inspections.test_calls import TIED, asked
from tests.lists import rows_of, workbook
from tests.queries import queries_of

HERE = "/c/c11/"
LIST, IMPORT = f"{HERE}customers/", f"{HERE}customers/import/"
TABLE, SETUP = f"{HERE}callbacks/", f"{HERE}callbacks/setup/"


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def auditor(client, company):
    client.force_login(company.auditor)
    return client


def as_(client, company, person):
    client.force_login(getattr(company, person))
    return client


def calls_of(sample):
    return f"{HERE}inspection/{sample.visit.pk}/calls/"


def result_of(sample):
    return f"{HERE}inspection/{sample.visit.pk}/result/"


def finish(sample, company):
    return finish_visit(visit=sample.visit, by=company.auditor, at=AT)


def shown(client, address):
    return client.get(address).content.decode()


# --- who opens what ----------------------------------------------------------------------------

PEOPLE = ("center", "admin", "executive", "lead", "manager", "worker", "other_manager")


@pytest.mark.parametrize(
    ("page", "answers"),
    [
        (LIST, (200, 200, 403, 403, 403, 403, 403)),
        (IMPORT, (200, 200, 403, 403, 403, 403, 403)),
        (SETUP, (200, 403, 403, 403, 403, 403, 403)),
        (TABLE, (200, 200, 200, 200, 403, 403, 403)),
        (f"{TABLE}excel/", (200, 200, 200, 200, 403, 403, 403)),
    ],
)
def test_pages_of_the_campaign(client, company, page, answers):
    found = [as_(client, company, each).get(page).status_code for each in PEOPLE]
    assert tuple(found) == answers


@pytest.mark.parametrize(
    ("is_over", "answers"),
    [
        # another auditor (lead), center, executive, project before and after, a stranger's project
        (False, {"auditor": 200, "lead": 403, "center": 403, "executive": 403, "manager": 404}),
        (True, {"auditor": 200, "lead": 403, "center": 403, "manager": 403, "other_manager": 404}),
    ],
)
def test_only_the_visits_auditors_see_whom_it_calls(client, company, is_over, answers):
    sample = drawn(company)
    if is_over:
        finish(sample, company)
    for address in (calls_of(sample), f"{calls_of(sample)}1/"):
        found = {who: as_(client, company, who).get(address).status_code for who in answers}
        assert found == answers


@pytest.mark.parametrize(
    ("person", "before", "after"),
    [
        ("auditor", 200, 200), ("center", 200, 200), ("executive", 200, 200),
        ("manager", 404, 200), ("worker", 404, 200), ("other_manager", 404, 404),
    ],
)  # fmt: skip
def test_the_project_reads_the_result_when_the_visit_is_over(
    client, company, person, before, after
):
    sample = drawn(company)
    found = [as_(client, company, person).get(result_of(sample)).status_code]
    finish(sample, company)
    found.append(client.get(result_of(sample)).status_code)
    assert found == [before, after]


@pytest.mark.parametrize("do", ["reveal", "call", "put"])
@pytest.mark.parametrize(
    ("person", "answer"), [("center", 403), ("executive", 403), ("lead", 403), ("manager", 404)]
)
def test_nobody_else_acts_on_a_customer(client, company, do, person, answer):
    sample = drawn(company)
    as_(client, company, person)
    assert client.post(f"{calls_of(sample)}1/", {"do": do}).status_code == answer
    assert [e.verb for e in history_of(sample.visit)].count("reveal_number") == 0


def test_a_company_post_shows_nobody_the_call_back_of_the_own_project(client, company):
    sample = drawn(company)
    call(callees(sample)[0], company.auditor)
    Post.objects.create(user=company.lead, role=Role.EMPLOYEE, project=company.one)
    as_(client, company, "lead")
    assert client.get(result_of(sample)).status_code == 404
    assert "锦澜府" not in shown(client, TABLE)
    assert len(rows_of(client.get(f"{TABLE}excel/").content)) == 1


def test_the_admin_site_does_not_know_customers(client, company):
    as_(client, company, "admin")
    assert "customer" not in shown(client, "/admin/").lower()


# --- the list ----------------------------------------------------------------------------------


def uploaded(client, *lines):
    return client.post(IMPORT, {"file": a_file(*lines)})


def test_a_list_is_looked_at_masked_and_then_taken(client, company):
    as_(client, company, "center")
    check = uploaded(client, *rows(3)).url
    page = shown(client, check)
    assert "199****0002" in page and "1990000" not in page and "试用户" not in page
    seen = client.get(check).context["plan"].mark
    assert client.post(check, {"seen": seen}).url == LIST
    page = shown(client, LIST)
    assert "199****0003" in page and "1990000" not in page and "试用户" not in page


def test_a_bad_list_names_its_cells_and_keeps_nothing(client, company):
    as_(client, company, "admin")
    answer = uploaded(client, row(1), row(2, phone="110"))
    assert answer.status_code == 422 and "D3" in answer.content.decode()
    assert not CustomerUpload.objects.exists()


def test_a_list_says_how_many_asked_to_be_erased(client, company):
    listed(company, 2)
    as_(client, company, "center")
    client.post(f"{LIST}{Customer.objects.first().pk}/forget/")
    check = uploaded(client, *rows(2)).url
    assert "1 位要求删除过资料，不导入" in shown(client, check)
    page = client.post(check, {"seen": ""}, follow=True).content.decode()
    assert "1 位要求删除过资料，没有导入。" in page


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"\x00\x01", b"PK\x03\x04 broken"])
def test_what_is_no_list_is_refused(client, company, data):
    as_(client, company, "center")
    file = a_file()
    file.file.seek(0)
    file.file.truncate()
    file.file.write(data or b" ")
    file.file.seek(0)
    file.size = len(data or b" ")
    assert client.post(IMPORT, {"file": file}).status_code == 422


def test_formulas_do_not_come_in(client, company):
    as_(client, company, "center")
    file = a_file()
    data = workbook(["项目", "姓名", "电话"], ["P01", "试用户", '=HYPERLINK("http://x")'])
    file.file.seek(0)
    file.file.write(data)
    file.file.seek(0)
    file.size = len(data)
    answer = client.post(IMPORT, {"file": file})
    assert answer.status_code == 422 and "C2" in answer.content.decode()


def test_somebody_elses_list_is_not_looked_at(client, company):
    as_(client, company, "center")
    check = uploaded(client, row(1)).url
    assert as_(client, company, "admin").get(check).status_code == 404


def test_a_customer_is_erased_from_the_list(client, company):
    listed(company, 2)
    as_(client, company, "center")
    customer = Customer.objects.first()
    client.post(f"{LIST}{customer.pk}/forget/")
    assert Customer.objects.count() == 1
    as_(client, company, "manager")
    assert client.post(f"{LIST}{customer.pk + 1}/forget/").status_code == 403


# --- calling -----------------------------------------------------------------------------------


def test_the_draw_is_one_button(auditor, company):
    listed(company)
    questionnaire(company)
    visit = under_way(company)
    address = f"{HERE}inspection/{visit.pk}/calls/"
    auditor.post(address)
    page = shown(auditor, address)
    assert page.count('class="callees"') == 1 and "客户 10" in page and "客户 11" not in page
    assert "1990000" not in page and "试用户" not in page


def test_a_number_is_shown_to_be_dialled_and_not_kept(auditor, company):
    sample = drawn(company)
    address = f"{calls_of(sample)}1/"
    assert "tel:" not in shown(auditor, address)
    answer = auditor.post(address, {"do": "reveal"})
    number = callees(sample)[0].customer.secret["phone"]
    assert f'href="tel:{number}"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert number not in shown(auditor, address)
    assert [e.verb for e in history_of(sample.visit)].count("reveal_number") == 1


def test_dialling_loses_nothing_that_was_typed(auditor, company):
    sample = drawn(company)
    address = f"{calls_of(sample)}1/"
    sent = typed(form_of(auditor, address), "", complaint="等了很久") | {"reveal": "yes"}
    page = auditor.post(address, sent).content.decode()
    assert "tel:199" in page and "等了很久" in page and page.count("checked") == 2
    assert str(sent["id"]) in page
    assert 'role="alert"' not in page and not Call.objects.exists()


def test_after_the_visit_no_number_is_shown(auditor, company):
    sample = drawn(company)
    finish(sample, company)
    answer = auditor.post(f"{calls_of(sample)}1/", {"do": "reveal"}, follow=True)
    assert "tel:" not in answer.content.decode()


def form_of(client, address):
    return client.get(address).context["form"]


def typed(form, outcome="answered", grades=(5, 4), **words):
    fields = {f"q{q.pk}": g for q, g in zip(form.questions, grades, strict=False)}
    return {"do": "call", "id": form["id"].value(), "outcome": outcome, **fields, **words}


def test_a_call_is_saved_at_once_and_only_once(auditor, company):
    sample = drawn(company)
    address = f"{calls_of(sample)}1/"
    sent = typed(form_of(auditor, address), remark="晚上再打", complaint="太吵")
    for _each in range(2):
        assert auditor.post(address, sent).url == address
    (kept,) = standing(callees(sample)[0])
    assert [answer.grade for answer in kept.answers.order_by("question__order")] == [5, 4]


def test_not_reached_is_one_tap_and_goes_back_to_the_list(auditor, company):
    sample = drawn(company)
    address = f"{calls_of(sample)}1/"
    answer = auditor.post(address, typed(form_of(auditor, address), "not_reached", ()))
    assert answer.url == calls_of(sample)
    assert "打过 1 次" in shown(auditor, calls_of(sample))


def test_what_was_typed_stands_again_when_it_is_refused(auditor, company):
    sample = drawn(company)
    address = f"{calls_of(sample)}1/"
    sent = typed(form_of(auditor, address), complaint="电话 19900000009")
    answer = auditor.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "不要写电话号码" in page and "电话 19900000009" in page
    assert page.count("checked") == 2


def test_a_second_answer_is_a_conflict_that_keeps_what_was_typed(auditor, company):
    sample = drawn(company)
    address = f"{calls_of(sample)}1/"
    sent = typed(form_of(auditor, address), remark="写了很久")
    call(callees(sample)[0], company.auditor)
    answer = auditor.post(address, sent)
    assert answer.status_code == 409 and "写了很久" in answer.content.decode()


def test_an_answer_is_corrected_from_its_row(auditor, company):
    sample = drawn(company)
    wrong = call(callees(sample)[0], company.auditor, grades=(1, 2))
    address = f"{calls_of(sample)}1/"
    form = form_of(auditor, f"{address}?correct={wrong.pk}")
    auditor.post(address, typed(form, grades=(4, 4), corrects=str(wrong.pk)))
    (kept,) = standing(callees(sample)[0])
    assert kept.corrects == wrong and "已被更正" in shown(auditor, address)


@pytest.mark.parametrize("broken", [{"id": "x"}, {"outcome": ""}, {"corrects": "y"}])
def test_a_broken_form_is_refused(auditor, company, broken):
    sample = drawn(company)
    address = f"{calls_of(sample)}1/"
    answer = auditor.post(address, typed(form_of(auditor, address)) | broken)
    assert answer.status_code == 422 and not Call.objects.exists()


@pytest.mark.parametrize("address", ["11/", "0/", "99999/"])
def test_who_was_not_drawn_has_no_page(auditor, company, address):
    sample = drawn(company)
    assert auditor.get(calls_of(sample) + address).status_code == 404


def test_an_unknown_move_is_named(auditor, company):
    sample = drawn(company)
    assert auditor.post(f"{calls_of(sample)}1/", {"do": "export"}).status_code == 400


def test_a_low_answer_goes_on_the_sheet_in_one_tap(auditor, company):
    entering.opened(company)
    sample = drawn(company, requirement=TIED)
    first = callees(sample)[0]
    call(first, company.auditor, grades=(1, 5))
    address, question = f"{calls_of(sample)}1/", sample.questionnaire.questions.first()
    auditor.post(address, {"do": "put", "matter": question.pk, "points": "0.5"})
    kept = Observation.objects.get()
    assert (kept.method, str(kept.points)) == ("customer_callback", "0.50")
    assert "已记入" in shown(auditor, address)


def test_a_complaint_needs_a_requirement(auditor, company):
    sheet = entering.opened(company)
    sample = drawn(company)
    call(callees(sample)[0], company.auditor, complaint="没人修")
    address = f"{calls_of(sample)}1/"
    sent = {"do": "put", "matter": "complaint"}
    assert auditor.post(address, sent).status_code == 422
    assert auditor.post(address, sent | {"place": 10**6}).status_code == 422
    auditor.post(address, sent | {"place": entering.requirement(sheet, 2, 1).pk})
    assert Observation.objects.get().note == "客户 01 投诉：没人修"


# --- settings ----------------------------------------------------------------------------------


def setup_form(client):
    form = client.get(SETUP).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def test_settings_and_questions_are_kept_together(client, company):
    as_(client, company, "center")
    sent = setup_form(client) | {"size": 5, "q1-zh": "新的问题", "q1-en": "New"}
    assert client.post(SETUP, sent).url == SETUP
    again = setup_form(client)
    assert (again["size"], again["q1-zh"], again["q2-zh"]) == (5, "新的问题", USUAL[1][0])


@pytest.mark.parametrize("wrong", [{"size": 0}, {"days": 4000}, {"tries": "x"}, {"q1-en": ""}])
def test_a_wrong_figure_or_question_keeps_nothing_and_what_was_typed(client, company, wrong):
    as_(client, company, "center")
    sent = setup_form(client) | {"q2-zh": "写了很久的题"} | wrong
    answer = client.post(SETUP, sent)
    assert answer.status_code == 422 and "写了很久的题" in answer.content.decode()
    assert setup_form(client)["q2-zh"] == USUAL[1][0]


def test_a_stale_page_of_settings_is_a_conflict_and_goes_through_the_second_time(client, company):
    as_(client, company, "center")
    sent = setup_form(client)
    client.post(SETUP, sent | {"size": 5})
    answer = client.post(SETUP, sent | {"size": 6})
    assert answer.status_code == 409
    form = answer.context["form"]
    sent |= {"size": 6, "revision": form["revision"].value(), "seen": form["seen"].value()}
    assert client.post(SETUP, sent).status_code == 302
    assert setup_form(client)["size"] == 6


# --- results -----------------------------------------------------------------------------------


def answered(company, count, sample=None):
    sample = sample or drawn(company)
    for each in callees(sample)[:count]:
        call(each, company.auditor, grades=(5, 2))
    return sample


@pytest.mark.parametrize(("count", "is_shown"), [(2, False), (3, True)])
def test_a_project_sees_no_question_that_too_few_answered(client, company, count, is_shown):
    sample = answered(company, count)
    finish(sample, company)
    page = shown(as_(client, company, "manager"), result_of(sample))
    assert ("5.00" in page, "回答不足 3 位" in page) == (is_shown, not is_shown)
    assert "5.00" in shown(as_(client, company, "center"), result_of(sample))


def test_the_result_names_nobody(client, company):
    sample = answered(company, 5)
    finish(sample, company)
    page = shown(as_(client, company, "manager"), result_of(sample))
    assert not [word for word in ("客户 0", "199", "试", "1-00") if word in page.split("<main")[1]]


def test_reach_counts_customers_and_not_tries(company):
    sample = answered(company, 1)
    _first, second, third, *_others = callees(sample)
    call(second, company.auditor, MISSED)
    call(second, company.auditor, MISSED)
    wrong = call(third, company.auditor, grades=(1, 1))
    call(third, company.auditor, DECLINED, corrects=wrong)
    found = VisitResult(sample.visit, company.center)
    reach = found.reach
    assert (reach.answered, reach.refused, reach.missed, reach.percent) == (1, 1, 1, 67)
    assert [said.counts for _question, said in found.questions] == [
        (0, 0, 0, 0, 1),
        (0, 1, 0, 0, 0),
    ]


def test_the_table_has_a_row_a_project_and_its_excel_says_the_same(client, company):
    answered(company, 3)
    as_(client, company, "center")
    page = shown(client, TABLE)
    assert "锦澜府" in page and "翠屏苑" not in page and "3.50" in page
    head, line = rows_of(client.get(f"{TABLE}excel/").content)
    assert line[:8] == ("P01", "锦澜府", "高新", 3, 100, 3, 0, 3.5)
    assert head[8] == USUAL[0][0]


def test_excel_runs_nothing(client, company):
    listed(company)
    asked(company, "=1+1")
    sample = draw_customers(visit=under_way(company), by=company.auditor, at=AT)
    call(callees(sample)[0], company.auditor, grades=(5,))
    as_(client, company, "center")
    data = client.get(f"{TABLE}excel/").content
    cell = openpyxl.load_workbook(io.BytesIO(data)).active.cell(1, 9)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


# --- queries -----------------------------------------------------------------------------------


def test_pages_cost_the_same_for_few_and_many(client, company):
    first = drawn(company, count=3)
    call(callees(first)[0], company.auditor)
    finish(first, company)
    pages = [("center", LIST), ("center", TABLE), ("manager", result_of(first))]
    few = [costs(client, company, *each) for each in [*pages, ("auditor", calls_of(first))]]
    listed(company, lines=[*rows(60), *rows(20, project="P02")])
    second = under_way(company, project=company.two)
    second = draw_customers(visit=second, by=company.auditor, at=AT)
    for each in callees(second)[:5]:
        call(each, company.auditor)
    many = [costs(client, company, *each) for each in [*pages, ("auditor", calls_of(second))]]
    assert many == few


def costs(client, company, person, address) -> int:
    as_(client, company, person)
    return queries_of(lambda: client.get(address))
