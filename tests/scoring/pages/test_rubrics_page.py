"""All rubrics of a campaign, one rubric, and the weights beside them."""

from decimal import Decimal

import pytest

from organization.models import Specialty
from scoring.models import Rubric
from scoring.opening import open_scoring
from scoring.rubrics import load_rubric
from scoring.template import rubric_data
from tests import cast
from tests.scoring import excel
from tests.scoring.pages.reviewing import address, text

# --- all rubrics, one rubric ---------------------------------------------------------------


@pytest.fixture
def loaded(firm):
    """The template's four rubrics, published."""
    return {
        code: load_rubric(
            campaign=firm.campaign, specialty=line, data=rubric_data(code), by="command",
            at=cast.NOW,
        )
        for code, line in firm.lines.items()
    }  # fmt: skip


def test_the_list_says_what_is_published_and_what_is_not(admin, firm):
    assert "<h1>还没有发布评分细则</h1>" in text(admin.get(address(firm, "")))
    cast.rubric(firm.campaign, firm.lines["order"])
    page = text(admin.get(address(firm, "")))
    assert "<h1>1 个专业已发布，还缺客户服务、设施设备、环境维护</h1>" in page


def test_the_list_names_versions_points_and_samples(admin, firm, loaded):
    page = text(admin.get(address(firm, "")))
    assert "<h1>4 个专业的评分细则都已发布</h1>" in page
    assert "第 1 版 · 30 项 · 100 分" in page
    assert page.split("秩序维护督导评分细则")[1].lstrip("</a> ").startswith('span class="sample"')


def test_project_people_read_what_they_are_scored_by_and_nothing_drafted(client, firm, loaded):
    draft = cast.rubric(firm.campaign, Specialty.objects.create(code="pools", name="泳池"),
                        published=False)  # fmt: skip
    client.force_login(firm.manager)
    page = text(client.get(address(firm, "")))
    assert "客户服务督导评分细则" in page
    assert "泳池督导" not in page
    assert "从 Excel 导入" not in page
    assert client.get(address(firm, f"{draft.pk}/")).status_code == 404
    assert client.get(address(firm, f"{loaded['order'].pk}/")).status_code == 200


def test_a_rubric_shows_items_ranges_requirements_and_samples(admin, firm, loaded):
    page = text(admin.get(address(firm, f"{loaded['facilities'].pk}/")))
    assert "<h1>30 项、117 条检查内容，共 100 分</h1>" in page
    assert "应急预案和规程等制度上墙公示" in page
    assert "每缺一项扣 0.2–1" in page
    assert page.count('class="sample"') == 24


def test_a_rubric_of_another_campaign_is_not_found_here(admin, firm):
    other = cast.campaign("c12")
    foreign = cast.rubric(other, firm.lines["order"])
    assert admin.get(address(firm, f"{foreign.pk}/")).status_code == 404


def test_publishing_from_the_page_names_what_is_missing_beside_the_button(
    send, confirm, admin, firm
):
    confirm(send(excel.FACILITIES, "facilities"))
    draft = Rubric.objects.get()
    page = text(admin.get(address(firm, f"{draft.pk}/")))
    assert 'disabled aria-describedby="missing"' in page
    assert "没有规定分值" in page
    admin.post(address(firm, f"{draft.pk}/publish/"))
    draft.refresh_from_db()
    assert draft.published_at is None


@pytest.mark.parametrize(
    ("who", "status"),
    [("admin", 302), ("center", 302), ("president", 403), ("lead", 403), ("manager", 404)],
)
def test_who_publishes(client, firm, who, status):
    draft = cast.rubric(firm.campaign, firm.lines["order"], published=False)
    client.force_login(getattr(firm, who))
    response = client.post(address(firm, f"{draft.pk}/publish/"))
    assert response.status_code == status
    draft.refresh_from_db()
    assert bool(draft.published_at) == (status == 302)


def test_a_superseded_version_points_to_its_successor(send, confirm, admin, firm, loaded):
    confirm(send(excel.SERVICE, "customer_service"), "publish")
    page = text(admin.get(address(firm, f"{loaded['customer_service'].pk}/")))
    assert "已由第 2 版取代" in page


# --- weights on the page -------------------------------------------------------------------

FIVE = {"customer_service": "25", "facilities": "30", "order": "25", "environment": "20"}


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 302), ("center", 302), ("president", 403), ("manager", 403)]
)
def test_who_sets_weights(client, firm, who, status):
    client.force_login(getattr(firm, who))
    typed = FIVE | {"facilities": "29.5", "order": "25.5"}
    assert client.post(address(firm, "weights/"), typed).status_code == status
    facilities = firm.campaign.weights.get(specialty__code="facilities").percent
    assert facilities == (Decimal("29.5") if status == 302 else 30)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (FIVE | {"order": "26"}, "权重合计是 101%"),
        (FIVE | {"order": "abc"}, "请填数字"),
        (FIVE | {"order": "-1"}, "最少是 0"),
    ],
)
def test_wrong_weights_are_said_and_kept_as_typed(admin, firm, typed, says):
    page = admin.post(address(firm, "weights/"), typed)
    assert page.status_code == 422
    assert says in text(page)
    assert f'value="{typed["order"]}"' in text(page)
    assert firm.campaign.weights.get(specialty__code="order").percent == 25


def test_weights_are_shown_locked_once_scoring_is_open(admin, firm):
    open_scoring(campaign=firm.campaign, at=cast.NOW)
    page = text(admin.get(address(firm, "")))
    assert "已锁定" in page
    assert "保存权重" not in page


def test_weights_typed_before_scoring_opened_come_too_late(admin, firm):
    open_scoring(campaign=firm.campaign, at=cast.NOW)
    page = admin.post(address(firm, "weights/"), FIVE | {"order": "20", "environment": "25"})
    assert "评分已经开始" in text(page)
    assert firm.campaign.weights.get(specialty__code="order").percent == 25
