"""The form to print: everything to be looked at, room to write, and the way back to its sheet."""

import pytest

from scoring.blank_form import blank_form
from scoring.drafts import start_draft
from scoring.editing import write_item
from scoring.rubrics import load_rubric
from scoring.template import rubric_data
from tests import cast
from tests.pdf import codes, pages, words
from tests.scoring.writing import item, rule

pytestmark = pytest.mark.system("pango")
ADDRESS = "https://pinzhi.example.test/c/c11/sheets/12/"


@pytest.fixture
def firm(db):
    return cast.company()


@pytest.fixture
def drawn(firm):
    rubric = load_rubric(
        campaign=firm.campaign, specialty=firm.lines["customer_service"],
        data=rubric_data("customer_service"), by="command", at=cast.NOW,
    )  # fmt: skip
    return blank_form(rubric, address=ADDRESS, campaign=firm.campaign, project=firm.one)


def test_the_code_leads_to_the_sheet(drawn):
    assert codes(drawn) == [ADDRESS]


def test_it_is_a4_across_and_its_header_stands_on_each_page(drawn):
    sizes = {tuple(round(side) for side in page.get_size()) for page in pages(drawn)}
    assert sizes == {(842, 595)}
    found = words(drawn)
    assert len(found) > 2
    assert all("规定分值" in page and "评分细则" in page for page in found)
    assert f"2 / {len(found)}" in found[1]


def test_everything_that_is_looked_at_stands_there(drawn):
    found = "".join(words(drawn))
    for said in ("客户服务督导评分细则", "锦澜府", "制度建设", "女员工束发", "突发应急事件处理",
                 "每缺一项扣 0.5–2", "检查人签字", "合计"):  # fmt: skip
        assert said in found


def test_rules_of_every_kind_stand_there(firm):
    draft = start_draft(
        campaign=firm.campaign, specialty=firm.lines["order"], by=firm.admin, at=cast.NOW
    )
    data = item(
        rules=[rule("lose_item", "无制度的"),
               rule("levels", "基本符合的", "0", "2", levels=["0", "2"])],
        photo_required=True, requirements=[{"text": "持证上岗", "critical": "cap"}],
    )  # fmt: skip
    write_item(rubric=draft, data=data, by=firm.admin, at=cast.NOW)
    found = "".join(words(blank_form(draft, address=ADDRESS, campaign=firm.campaign)))
    for said in ("本项不得分", "分档扣 0 / 2 分", "扣分须拍照", "缺失则等级最高为良好", "草稿"):
        assert said in found


def test_a_long_address_still_reads(firm, settings):
    rubric = cast.rubric(firm.campaign, firm.lines["order"])
    address = f"{ADDRESS}?specialty=customer_service&of={'x' * 150}"
    assert codes(blank_form(rubric, address=address, campaign=firm.campaign)) == [address]


def test_the_rubrics_own_leads_to_the_specialtys_sheets(client, firm, settings):
    settings.SITE_URL = "https://pinzhi.example.test"
    rubric = cast.rubric(firm.campaign, firm.lines["order"])
    client.force_login(firm.auditor)
    answer = client.get(f"{rubric.get_absolute_url()}blank/")
    assert codes(answer.content) == ["https://pinzhi.example.test/c/c11/sheets/?specialty=order"]
