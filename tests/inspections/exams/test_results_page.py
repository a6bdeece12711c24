"""Entering results on their page, and the report that comes of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from inspections.training.trainings import cancel_training
from organization.errors import Refused
from organization.roles import Role
from tests import cast
from tests.inspections.examining import (
    AFTER,
    CLOSES,
    JSON,
    address,
    body,
    exam,
    marked,
    seat,
    workbook,
)
from tests.inspections.learning_needs import AT, training
from tests.queries import queries_of


def row(mine, points="", absent="", remark="", revision=0):
    fields = {"points": points, "absent": absent, "remark": remark, "revision": revision}
    return {f"{name}-{mine.pk}": value for name, value in fields.items()}


def one_row(client, held, mine, **typed):
    fields = {"seat": mine.pk} | row(mine, **typed)
    return client.post(address(held, "results", "one"), fields, headers=JSON)


def test_a_row_saves_itself(signed, company, clock):
    held = exam(company)
    mine = seat(held, company.clerk)
    answer = one_row(signed("lead"), held, mine, points="88.5")
    assert answer.json() == {"revision": 1, "left": 2, "words": "还有 2 人没有成绩"}
    mine.refresh_from_db()
    assert str(mine.points) == "88.50"


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [({"points": "很好"}, 422, "得分写数字"), ({"points": "120"}, 422, "得分要在 0 和 100 之间"),
     ({"points": "8", "revision": 7}, 409, "这一行刚被改过"),
     ({"points": "8", "absent": "1"}, 422, "缺考的人没有得分"),
     ({"absent": "1", "remark": "长" * 201}, 422, "最多 200 个字")],
)  # fmt: skip
def test_a_row_that_is_refused_says_why(signed, company, clock, typed, status, words):
    held = exam(company)
    answer = one_row(signed("lead"), held, seat(held, company.clerk), **typed)
    assert answer.status_code == status and words in answer.json()["error"]


@pytest.mark.parametrize("target", ["", "nonsense", "999999"])
def test_a_row_of_nobody_does_not_exist(signed, company, clock, target):
    at = address(exam(company), "results", "one")
    assert signed("lead").post(at, {"seat": target}, headers=JSON).status_code == 404


def test_a_page_saves_what_is_sound_and_keeps_the_rest_typed(signed, company, clock):
    held = exam(company)
    good, bad = seat(held, company.clerk), seat(held, company.clerk_two)
    typed = row(good, "90") | row(bad, "九十分")
    response = signed("lead").post(address(held, "results"), typed)
    page = body(response)
    assert response.status_code == 422 and "九十分" in page and "得分写数字" in page
    good.refresh_from_db()
    assert good.points == 90


def test_a_list_is_imported_or_every_bad_cell_is_named(signed, company, clock):
    held = exam(company)
    at = address(held, "results", "import")
    client = signed("lead")
    bad = workbook(["账号", "得分"], ["clerk1", 900])
    assert "B2: 得分要在 0 和 100 之间。" in body(client.post(at, {"file": bad}))
    good = workbook(["账号", "得分"], ["clerk1", 90])
    check = client.post(at, {"file": good}).url
    assert "新增 1" in body(client.get(check))
    assert seat(held, company.clerk).points is None
    assert "1 行有变化" in body(client.post(check, follow=True))
    assert seat(held, company.clerk).points == 90
    good.seek(0)
    assert "没有要写入的" in body(client.post(at, {"file": good}, follow=True))
    assert client.post(at).status_code == 422


def test_what_a_list_would_do_is_shown_row_by_row(signed, company, clock):
    held = marked(company, exam(company), published=False)
    rows = ["clerk1", "", 95], ["clerk2", "", 80], ["clerk3", "", ""], ["", "老李", 70]
    client = signed("lead")
    listed = workbook(["账号", "姓名", "得分"], *rows)
    page = body(client.post(address(held, "results", "import"), {"file": listed}, follow=True))
    assert "更改 1" in page and "名单外加入 1" in page
    assert "没有变化 1 行，没有填 1 行" in page
    assert held.seats.count() == 3


def test_somebody_without_an_account_is_added(signed, company, clock):
    at = address(exam(company), "results", "person")
    client = signed("lead")
    assert "老李已加入" in body(client.post(at, {"name": "老李", "project": "P01"}, follow=True))
    response = client.post(at, {"name": "老李", "project": "P01"})
    assert response.status_code == 422 and "名单里已经有老李" in body(response)


def test_a_correction_on_the_page_asks_for_its_reason(signed, company, clock):
    held = marked(company, exam(company))
    mine = seat(held, company.clerk)
    client = signed("lead")
    assert "更正要写明原因" in one_row(client, held, mine, points="85", revision=1).json()["error"]
    fields = {"seat": mine.pk, "reason": "漏加"} | row(mine, "85", revision=1)
    answer = client.post(address(held, "results", "one"), fields, headers=JSON)
    assert answer.json()["revision"] == 2


# --- the report ----------------------------------------------------------------------------


@pytest.fixture
def owed(company):
    milestone = cast.milestone(
        company.campaign,
        "exam_report",
        scope="specialty",
        evidence=["exam_report"],
        due=CLOSES.date(),
        phase="self_check",
        owner=Role.SPECIALTY_LEAD,
    )
    return cast.obligation(milestone, specialty=company.lines["customer_service"])


def test_one_press_keeps_the_report_with_its_obligation(signed, company, clock, owed):
    held = marked(company, exam(company))
    clock(AFTER)
    response = signed("lead").post(address(held, "report"))
    assert response.headers["Location"] == owed.get_absolute_url()
    kept = owed.evidence.get()
    assert (kept.kind, kept.file.kind, kept.about) == ("exam_report", "pdf", CLOSES.date())


def test_a_later_report_takes_the_place_of_the_earlier_and_of_no_other(
    signed, company, clock, owed, no_pango
):
    held, other = marked(company, exam(company)), marked(company, exam(company, title="补考"))
    client = signed("lead")
    clock(AFTER)
    for each in (held, other):
        client.post(address(each, "report"))
    clock(AFTER + timedelta(days=1))
    client.post(address(held, "report"))
    standing = list(owed.evidence.standing().values_list("version", "file__kind"))
    assert sorted(standing) == [(1, "docx"), (2, "docx")]
    assert owed.evidence.count() == 3


def test_a_report_is_refused_with_words_while_it_cannot_be_made(signed, company, clock, owed):
    held = exam(company)
    client = signed("lead")
    word = client.get(address(held, "report", "word"), follow=True)
    assert "考试结束后才能出报告" in body(word)
    kept = client.post(address(held, "report"), follow=True)
    assert "先公布成绩" in body(kept)
    assert client.get(address(held, "report", "html")).status_code == 404
    assert not owed.evidence.exists()


def test_the_filters_are_kept_under_a_name(signed, company, clock):
    held = exam(company)
    client = signed("lead")
    here = f"{address(held, 'results')}?show=left&project=P01"
    view = {"next": here, "page_name": "exam_results", "view_name": "锦澜府还没录的"}
    client.post(reverse("saved_views"), view)
    page = body(client.get(address(exam(company, title="另一场"), "results")))
    assert 'href="?show=left&amp;project=P01"' in page and "锦澜府还没录的" in page


def test_more_people_to_enter_ask_no_more_of_the_database(signed, company, clock):
    held = exam(company)
    client = signed("lead")
    few = queries_of(lambda: client.get(address(held, "results")))
    held.seats.bulk_create(
        type(seat(held, company.clerk))(exam=held, name=f"第{n}人", project=company.one)
        for n in range(300)
    )
    assert queries_of(lambda: client.get(address(held, "results"))) == few


def test_who_runs_an_exam_and_the_companys_leaders_take_its_report(signed, company, clock):
    held = marked(company, exam(company))
    clock(AFTER)
    for who in ("lead", "president", "executive"):
        answer = signed(who).get(address(held, "report", "word"))
        assert answer["Content-Disposition"].startswith("attachment")
    assert signed("manager").get(address(held, "report", "word")).status_code == 403
    assert signed("worker").get(address(held, "report", "word")).status_code == 404


# --- the training that it verifies ---------------------------------------------------------


def test_an_exam_and_its_training_name_each_other_with_the_pass_rate(signed, company, clock):
    given = training(company)
    held = marked(company, exam(company, training=given))
    client = signed("lead")
    shown = body(client.get(given.get_absolute_url()))
    assert held.get_absolute_url() in shown and "及格率 100%（3/3）" in shown
    assert given.get_absolute_url() in body(client.get(held.get_absolute_url()))
    assert "及格率" not in body(signed("manager").get(given.get_absolute_url()))


def test_only_a_training_of_the_same_specialty_is_verified(company):
    given = training(company)
    with pytest.raises(Refused) as refused:
        exam(company, specialty="order", training=given, is_for_all=True)
    assert refused.value.field == "training"


def test_the_form_offers_the_specialtys_trainings_and_keeps_the_choice(signed, company, clock):
    given, gone = training(company), training(company, title="取消的培训")
    cancel_training(training=gone, reason="讲师生病", by=company.lead, at=AT)
    held = exam(company, training=given)
    page = body(signed("lead").get(address(held, "edit")))
    assert f'<option value="{given.pk}" selected>' in page
    assert "取消的培训" not in page


def test_more_exams_of_a_training_ask_no_more_of_the_database(signed, company, clock):
    given = training(company)
    exam(company, training=given)
    client = signed("lead")
    few = queries_of(lambda: client.get(given.get_absolute_url()))
    for number in range(3):
        exam(company, training=given, title=f"考试{number}")
    assert queries_of(lambda: client.get(given.get_absolute_url())) == few
