"""Weights and bands as lists: a campaign's whole set, through the functions that set it."""

from decimal import Decimal

import pytest

from organization.models import HistoryEntry
from scoring.models import Band, CampaignResults, Weight
from tests import cast
from tests.lists import CSV, XLSX, brought_in, exported, preview, problems, rows_of, workbook

pytestmark = pytest.mark.django_db
WEIGHTS = ("专项工作", "专业", "权重")
BANDS = ("Campaign", "等级编码", "中文名称", "English name", "起", "To")


@pytest.fixture
def company():
    return cast.company()


@pytest.fixture
def admin(company, client):
    client.force_login(company.admin)
    return client


@pytest.fixture(params=["zh-hans", "en"])
def reader(request, company, admin):
    company.admin.language = request.param
    company.admin.save()
    return admin


def everything() -> list:
    weights = Weight.objects.order_by("specialty").values_list("specialty__code", "percent")
    bands = Band.objects.values_list("code", "name_zh_hans", "name_en", "lowest", "highest")
    return [list(weights), list(bands)]


@pytest.mark.parametrize("form", [XLSX, CSV])
@pytest.mark.parametrize("model", [Weight, Band])
def test_what_goes_out_comes_back_as_it_was_also_when_scoring_is_open(company, reader, model, form):
    CampaignResults.objects.create(campaign=company.campaign, opened_at=cast.NOW)
    before = everything()
    brought_in(reader, model, exported(reader, model, form))
    assert everything() == before
    assert not HistoryEntry.objects.exists()


def test_specialties_go_out_by_the_readers_name(company, reader):
    word = "Customer service" if company.admin.language == "en" else "客户服务"
    assert ("c11", word, 25) in rows_of(exported(reader, Weight))


def all_weights(*percents, words=("客户服务", "facilities", "Order and security", "环境维护")):
    return workbook(WEIGHTS, *[("c11", *pair) for pair in zip(words, percents, strict=True)])


@pytest.mark.parametrize("percents", [(40, 30, "20%", "１０"), (0.4, 0.3, 0.2, 0.1)])
def test_weights_are_set_together_with_one_record(company, admin, percents):
    brought_in(admin, Weight, all_weights(*percents))
    held = dict(Weight.objects.values_list("specialty__code", "percent"))
    assert held == {"customer_service": 40, "facilities": 30, "order": 20, "environment": 10}
    entry = HistoryEntry.objects.get()
    assert (entry.verb, entry.subject, entry.by) == ("set_weights", company.campaign, company.admin)


def test_a_specialty_that_the_list_lacks_loses_its_weight_and_the_preview_says_so(admin):
    data = workbook(WEIGHTS, ("c11", "customer_service", 60), ("c11", "facilities", 40))
    shown = preview(admin, Weight, data)
    assert (shown.totals["update"], shown.totals["delete"]) == (2, 2)
    assert Weight.objects.count() == 4


@pytest.mark.parametrize("percents", [(25, 30, 25, 21), ("1e30", 30, 25, 20), (-25, 80, 25, 20)])
def test_weights_that_do_not_add_up_are_refused(admin, percents):
    assert preview(admin, Weight, all_weights(*percents)).has_errors()
    assert Weight.objects.get(specialty__code="facilities").percent == Decimal(30)


def test_bad_cells_of_weights_are_named(admin):
    data = workbook(
        WEIGHTS,
        ("c11", "绿化", 50),
        ("c11", "客户服务", "一半"),
        ("c11", "order", ""),
    )
    expected = [(2, "specialty"), (3, "percent"), (4, "percent")]
    assert problems(admin, Weight, data) == expected
    assert problems(admin, Weight, workbook(WEIGHTS, ("c12", "order", 100))) == [(2, "campaign")]


@pytest.mark.parametrize("model", [Weight, Band])
def test_once_scoring_is_open_nothing_is_set(company, admin, model):
    CampaignResults.objects.create(campaign=company.campaign, opened_at=cast.NOW)
    data = all_weights(40, 30, 20, 10) if model is Weight else bands(("low", "差", "Low", 0, 100))
    before = everything()
    [message] = preview(admin, model, data).errors
    assert "评分已经开始" in str(message)
    assert everything() == before


def bands(*rows):
    return workbook(BANDS, *[("c11", *row) for row in rows])


def test_bands_are_set_together_with_one_record(company, admin):
    brought_in(admin, Band, bands(("low", "差", "Low", 0, 59), ("high", "好", "", 60, 100)))
    assert everything()[1] == [("low", "差", "Low", 0, 59), ("high", "好", None, 60, 100)]
    entry = HistoryEntry.objects.get()
    assert (entry.verb, entry.subject, entry.by) == ("set_bands", company.campaign, company.admin)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("low", "差", "Low", 0, 59), "campaign"),
        (("low", "差", "Low", 0, "59.5"), "highest"),
        (("低", "差", "Low", 0, 100), "code"),
        (("low", "", "Low", 0, 100), "name_zh_hans"),
        (("low", "差" * 31, "Low", 0, 100), "name_zh_hans"),
    ],
)
def test_bad_bands_are_named(admin, row, column):
    assert problems(admin, Band, bands(row)) == [(2, column)]
