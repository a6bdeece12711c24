"""Appeals in the browser: contested on the result, decided on their page, listed."""

import io
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from campaign.models import Participation
from inspections.models import Appeal
from inspections.words import Outcome
from rewards.settlement import draw_up
from scoring.models import CampaignResults
from tests import cast
from tests.inspections.appealing import AT, LATER, contested_sheet, decided, made, seen_on
from tests.inspections.entering import score_of
from tests.inspections.writing import picture
from tests.queries import queries_of


@pytest.fixture
def as_(client, time_machine):
    time_machine.move_to(LATER, tick=False)

    def enter(person):
        client.force_login(person)
        return client

    return enter


@pytest.fixture
def sheet(company):
    return contested_sheet(company)


def new_url(sheet):
    return reverse("appeal_new", args=[sheet.campaign.code, seen_on(sheet).pk])


def result_url(sheet):
    return reverse("result_deductions", args=[sheet.campaign.code, sheet.project.code])


def list_url(company, query=""):
    return reverse("appeals", args=[company.campaign.code]) + query


def text(response):
    return response.content.decode()


# --- where it begins -------------------------------------------------------------------------


def test_result_and_sheet_lead_to_the_appeal_while_the_window_is_open(
    company, sheet, as_, time_machine
):
    manager = as_(company.manager)
    for url in (result_url(sheet), sheet.get_absolute_url()):
        assert new_url(sheet) in text(manager.get(url))
    assert "申诉期到 11月30日" in text(manager.get(result_url(sheet)))
    summary = reverse("project_result", args=[company.campaign.code, "P01"])
    assert "申诉期到 11月30日" in text(manager.get(summary))
    time_machine.move_to(AT + timedelta(days=4))
    assert new_url(sheet) not in text(manager.get(result_url(sheet)))
    assert "申诉期到" not in text(manager.get(summary))
    assert "申诉期到 11月30日" in text(manager.get(new_url(sheet)))


@pytest.mark.parametrize("name", ["worker", "center", "president"])
def test_who_may_not_appeal_is_not_offered_it_and_turned_away(company, sheet, as_, name):
    reader = as_(getattr(company, name))
    assert new_url(sheet) not in text(reader.get(result_url(sheet)))
    assert reader.get(new_url(sheet)).status_code == 403
    assert reader.post(new_url(sheet), {"reason": "不同意"}).status_code == 403


def test_a_stranger_finds_nothing(company, sheet, as_):
    found = made(company, sheet)
    stranger = as_(company.other_manager)
    assert stranger.get(new_url(sheet)).status_code == 404
    assert stranger.get(found.get_absolute_url()).status_code == 404
    assert "锦澜府" not in text(stranger.get(list_url(company)))
    unknown = reverse("appeal_new", args=[company.campaign.code, uuid.uuid4()])
    assert stranger.get(unknown).status_code == 404


def test_a_phone_appeals_with_a_picture(company, sheet, as_):
    manager = as_(company.manager)
    assert 'capture="environment"' in text(manager.get(new_url(sheet)))
    typed = {"reason": "当天有记录📷", "camera": picture()}
    page = text(manager.post(new_url(sheet), typed, follow=True))
    assert "当天有记录📷" in page and "待决定" in page
    assert Appeal.objects.get().files.count() == 1
    assert manager.get(new_url(sheet)).url == Appeal.objects.get().get_absolute_url()


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"reason": "长" * 1001},
     {"files": SimpleUploadedFile("坏.exe", b"MZ no picture")}],
)  # fmt: skip
def test_what_was_typed_stands_again_beside_the_error(company, sheet, as_, wrong):
    answer = as_(company.manager).post(new_url(sheet), {"reason": "写了很久🕒"} | wrong)
    assert answer.status_code == 422
    assert "form-error" in text(answer)
    assert wrong.get("reason", "写了很久🕒") in text(answer)
    assert not Appeal.objects.exists()


def test_a_window_that_ended_meanwhile_keeps_what_was_typed(company, sheet, as_, time_machine):
    manager = as_(company.manager)
    time_machine.move_to(AT + timedelta(days=4))
    answer = manager.post(new_url(sheet), {"reason": "写了很久🕒"})
    assert answer.status_code == 422
    assert "申诉期到 11月30日" in text(answer) and "写了很久🕒" in text(answer)


def test_frozen_results_offer_no_appeal(company, sheet, as_):
    CampaignResults.objects.update(frozen_at=LATER)
    assert new_url(sheet) not in text(as_(company.manager).get(result_url(sheet)))


# --- the decision ----------------------------------------------------------------------------


def posted(**fields):
    return {"do": "decide", "outcome": "reduced", "points": "0.5", "reason": "属实"} | fields


def test_the_center_decides_and_everybody_sees_what_was_and_what_is(company, sheet, as_):
    found = made(company, sheet)
    center = as_(company.center)
    page = text(center.post(found.get_absolute_url(), posted(revision="0"), follow=True))
    assert "扣分由 1.5 改为 0.5" in page and "<s>−1.5</s>" in page
    assert str(score_of(sheet).kept) == "99.50"
    manager = as_(company.manager)
    for url in (result_url(sheet), sheet.get_absolute_url()):
        shown = text(manager.get(url))
        assert "<s>−1.5</s>" in shown and "−0.5" in shown
        assert found.get_absolute_url() in shown
        assert "提交时" in shown


def test_a_withdrawn_one_stays_readable(company, sheet, as_):
    found = made(company, sheet)
    decided(company, found)
    shown = text(as_(company.manager).get(sheet.get_absolute_url()))
    assert "扣分已撤销" in shown and "<s>−1.5</s>" in shown
    log = reverse("sheet_log", args=[company.campaign.code, sheet.pk])
    assert "申诉决定" in text(as_(company.manager).get(log))


def test_the_leagues_row_shows_the_change(company, sheet, as_):
    found = made(company, sheet)
    decided(company, found, Outcome.REDUCED, points=Decimal(1))
    row = reverse("league_row", args=[company.campaign.code, "P01"])
    shown = text(as_(company.president).get(row))
    assert found.get_absolute_url() in shown and "−1.5</s>" in shown


@pytest.mark.parametrize(
    "wrong",
    [{"outcome": ""}, {"outcome": "perhaps"}, {"points": ""}, {"points": "很少"}, {"points": "9"},
     {"points": "0.55"}, {"points": "NaN"}, {"revision": "x"}],
)  # fmt: skip
def test_a_wrong_decision_stands_again_with_what_was_typed(company, sheet, as_, wrong):
    found = made(company, sheet)
    typed = posted(reason="写了很久🕒", revision="0") | wrong
    answer = as_(company.center).post(found.get_absolute_url(), typed)
    assert answer.status_code == 422
    assert "写了很久🕒" in text(answer) and "form-error" in text(answer)
    assert Appeal.objects.get().is_open


def test_who_comes_second_sees_the_decision_beside_the_own_words(company, sheet, as_):
    found = made(company, sheet)
    decided(company, found, Outcome.KEPT, reason="同事定的")
    typed = posted(reason="我写的🕒", revision="0")
    answer = as_(company.executive).post(found.get_absolute_url(), typed)
    assert answer.status_code == 409
    assert "同事定的" in text(answer) and "我写的🕒" in text(answer)


@pytest.mark.parametrize(
    ("name", "status"),
    [("auditor", 403), ("lead", 403), ("manager", 403), ("worker", 403), ("president", 403),
     ("admin", 403), ("other_manager", 404)],
)  # fmt: skip
def test_nobody_else_decides(company, sheet, as_, name, status):
    found = made(company, sheet)
    answer = as_(getattr(company, name)).post(found.get_absolute_url(), posted(revision="0"))
    assert answer.status_code == status
    assert Appeal.objects.get().is_open


def test_the_auditor_reads_why_somebody_else_decides(company, sheet, as_):
    page = text(as_(company.auditor).get(made(company, sheet).get_absolute_url()))
    assert "要由别人来决定" in page and 'value="decide"' not in page


def test_the_project_takes_it_back(company, sheet, as_):
    found = made(company, sheet)
    manager = as_(company.manager)
    page = manager.post(found.get_absolute_url(), {"do": "take_back", "revision": "0"}, follow=True)
    assert "重新申诉" in text(page)
    again = manager.post(found.get_absolute_url(), {"do": "take_back", "revision": "0"})
    assert again.status_code == 302
    reader = as_(company.center)
    assert reader.post(found.get_absolute_url(), {"do": "take_back"}).status_code == 403


def test_an_unknown_move_is_none(company, sheet, as_):
    found = made(company, sheet)
    assert as_(company.center).post(found.get_absolute_url(), {"do": "x"}).status_code == 400


def test_the_settlement_leads_to_what_it_waits_for(company, sheet, as_):
    made(company, sheet)
    draw_up(campaign=company.campaign, by=company.center, at=LATER)
    page = as_(company.center).get(reverse("settlement", args=[company.campaign.code]))
    assert list_url(company, "?show=open&amp;q=P01") in text(page)


# --- the list ----------------------------------------------------------------------------------


def many(company, number):
    for n in range(number):
        held = cast.project(f"X{n}", f"别的{n}")
        Participation.objects.create(campaign=company.campaign, project=held)
        cast.Standing.objects.create(campaign=company.campaign, project=held, updated_at=AT)
        made(company, contested_sheet(company, project=held), by=company.center)


@pytest.mark.parametrize("name", ["appeals", "appeals_excel"])
def test_many_appeals_ask_no_more(company, sheet, as_, name):
    made(company, sheet)
    president, url = as_(company.president), reverse(name, args=[company.campaign.code])
    few = queries_of(lambda: president.get(url))
    many(company, 5)
    assert queries_of(lambda: president.get(url)) == few
    assert "锦澜府" in text(president.get(list_url(company)))


def test_many_appeals_on_one_sheet_ask_no_more(company, sheet, as_):
    made(company, sheet)
    manager = as_(company.manager)
    few = queries_of(lambda: manager.get(sheet.get_absolute_url()))
    Appeal.objects.get().contested.add(*sheet.observations.all())
    assert queries_of(lambda: manager.get(sheet.get_absolute_url())) == few


def test_filters_stand_in_the_address(company, sheet, as_):
    decided(company, made(company, sheet))
    made(company, contested_sheet(company, specialty="order"))
    center = as_(company.center)
    assert "1 件申诉待决定" in text(center.get(list_url(company)))
    found = center.get(list_url(company, "?show=open")).context["found"]
    assert [str(a.sheet.specialty) for a in found.page.object_list] == ["秩序维护"]
    narrowed = center.get(list_url(company, "?specialty=customer_service&q=锦澜")).context["found"]
    assert narrowed.counts["withdrawn"] == narrowed.counts["all"] == 1
    assert "没有符合筛选的申诉" in text(center.get(list_url(company, "?q=没有")))


@pytest.mark.parametrize("query", ["?show=x", "?page=🔑", "?specialty=" + "x" * 99, "?q=%00'"])
def test_garbage_in_the_address_is_passed_over(company, sheet, as_, query):
    assert as_(company.center).get(list_url(company, query)).status_code == 200


def test_excel_has_what_the_filters_leave(company, sheet, as_):
    decided(company, made(company, sheet, reason="=1+1"), Outcome.REDUCED, points=Decimal(1))
    url = reverse("appeals_excel", args=[company.campaign.code])
    center = as_(company.center)
    rows = list(load_workbook(io.BytesIO(center.get(url).content)).active.values)
    assert rows[1][:2] == ("P01", "锦澜府") and rows[1][6] == "=1+1"
    assert (rows[1][5], rows[1][10]) == (1.5, 1)
    cell = load_workbook(io.BytesIO(center.get(url).content)).active["G2"]
    assert cell.data_type == "s"
    assert len(list(load_workbook(io.BytesIO(center.get(url + "?show=open").content)).active)) == 1


def test_the_empty_list_says_how_an_appeal_comes(company, as_):
    assert "点“申诉”" in text(as_(company.center).get(list_url(company)))
    assert "点“申诉”" in text(as_(company.manager).get(list_url(company)))


# --- work ---------------------------------------------------------------------------------------


def test_the_centers_work_and_review_have_it_until_it_is_decided(company, sheet, as_):
    found = made(company, sheet)
    review = reverse("review", args=[company.campaign.code])
    center = as_(company.center)
    assert "1 件申诉待处理" in text(center.get("/"))
    assert found.get_absolute_url() in text(center.get(review))
    assert "件申诉待处理" not in text(as_(company.auditor).get("/"))
    assert found.item.name in text(as_(company.manager).get("/?show=waiting"))
    decided(company, found)
    assert "件申诉待处理" not in text(as_(company.center).get("/"))
