"""Importing a rubric in the browser: upload, review, answers, confirm; nothing before that."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organization.models import HistoryEntry, Specialty, StoredFile
from scoring.models import Rubric
from scoring.results import open_scoring
from scoring.rubrics import load_rubric
from scoring.template import rubric_data
from tests import cast
from tests.corpus import forms as corpus
from tests.scoring import excel


@pytest.fixture
def firm(db):
    return cast.company()


@pytest.fixture
def admin(client, firm):
    client.force_login(firm.admin)
    return client


def address(firm, step="import/") -> str:
    return f"/c/{firm.campaign.code}/rubrics/{step}"


@pytest.fixture
def send(admin, firm):
    """Upload a file for a specialty; the review's address, or the page that says no."""

    def post(data, code="order", **more):
        file = excel.upload(data, **more)
        return admin.post(address(firm), {"specialty": code, "file": file})

    return post


@pytest.fixture
def confirm(admin):
    """Confirm a review as it is shown, with answers typed in."""

    def post(review, action="draft", **typed):
        page = admin.get(review.url)
        seen = page.context["import"].draft_mark
        return admin.post(review.url, {"action": action, "seen": seen, **typed})

    return post


def text(response) -> str:
    return response.content.decode()


# --- who -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("admin", 200), ("center", 200), ("president", 403), ("lead", 403), ("manager", 403)],
)
def test_rubrics_are_imported_by_administrator_and_center(client, firm, who, status):
    client.force_login(getattr(firm, who))
    assert client.get(address(firm)).status_code == status


def test_a_stranger_learns_nothing(client, firm):
    elsewhere = cast.project("Z9", "别处")
    client.force_login(cast.person("guest", "外人", cast.Role.EMPLOYEE, project=elsewhere))
    assert client.get(address(firm)).status_code == 404


def test_an_upload_is_reviewed_by_who_sent_it(client, send, firm):
    review = send(excel.SERVICE)
    client.force_login(firm.center)
    assert client.get(review.url).status_code == 404


# --- upload --------------------------------------------------------------------------------


def test_an_upload_leads_to_its_review_and_writes_no_rubric(send, firm):
    review = send(excel.SERVICE, "customer_service")
    stored = StoredFile.objects.get()
    assert review.url == f"{address(firm)}{stored.pk}/?specialty=customer_service"
    assert not Rubric.objects.exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no workbook", "这不是 Excel 工作簿"),
        (corpus.workbook([["随便", "写的"]]), "没有找到表头"),
        (b"", "空"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_file_and_not_kept(send, data, says):
    page = send(data, "facilities")
    assert page.status_code == 422
    assert says in text(page)
    assert '<option value="facilities" selected>' in text(page)
    assert not StoredFile.objects.exists()


def test_without_a_file_the_form_asks_for_one(admin, firm):
    page = admin.post(address(firm), {"specialty": "order"})
    assert "请选择一个 .xlsx 文件" in text(page)


# --- review --------------------------------------------------------------------------------


def test_the_companys_form_is_understood_without_a_doubt(send, admin):
    page = text(admin.get(send(excel.SERVICE, "customer_service").url))
    assert "看懂 19 项、72 条检查内容，没有疑问" in page
    assert "合计正好 100 分：可以发布" in page
    assert "表内注明占总分 25%；本次权重 25%" in page


def test_the_sheet_is_shown_as_it_is_with_merged_cells(send, admin):
    page = text(admin.get(send(excel.SERVICE, "customer_service").url))
    assert '<td id="c-A1" class="title" colspan="6">客户服务督导评分细则</td>' in page
    assert '<td id="c-A3" class="merge" rowspan="8">内部管理</td>' in page
    assert 'id="c-A4"' not in page


def test_doubtful_cells_are_marked_and_tied_to_what_is_said(send, admin):
    page = text(admin.get(send(excel.FACILITIES, "facilities").url))
    assert "看懂 7 项、26 条检查内容，4 处请您看一下" in page
    assert '<td id="c-D9" class="ask">空 <a href="#m1"' in page
    assert 'id="m1"' in page
    assert "合计 20 分，离 100 差 80 分：可存为草稿，补齐后才能发布" in page


def test_errors_are_listed_with_their_cells_and_nothing_can_be_saved(send, admin):
    review = send(excel.book(excel.item(points=60), excel.item("档案", points=40), total=90))
    page = text(admin.get(review.url))
    assert "有 1 处要在表里改正，还不能导入" in page
    assert "写的合计是 90 分，各项相加是 100 分" in page
    assert '<td id="c-D5" class="num stop">90' in page
    assert 'name="action"' not in page
    assert admin.post(review.url, {"action": "draft", "seen": ""}).status_code == 422
    assert not Rubric.objects.exists()


def test_a_hidden_row_is_shown_as_hidden_and_left_out(send, admin):
    rows = corpus.form([excel.item(points=60), excel.item("档案", points=40)], total=None)
    page = admin.get(send(corpus.workbook(rows, hidden_rows=[4])).url)
    assert len(page.context["import"].understood.items) == 1
    assert '<tr class="is-hidden"><th scope="row">4' in text(page)


def test_markup_in_a_cell_stays_text(send, admin):
    page = text(admin.get(send(excel.book(excel.item("<script>x</script>"))).url))
    assert "<script>x" not in page


def test_an_unknown_specialty_in_the_address_is_nothing(send, admin):
    url = send(excel.SERVICE).url.replace("specialty=order", "specialty=gardens")
    assert admin.get(url).status_code == 404


# --- confirm -------------------------------------------------------------------------------


def test_a_draft_is_kept_with_its_file_and_on_record(send, confirm, firm):
    response = confirm(send(excel.SERVICE, "customer_service"))
    draft = Rubric.objects.get()
    assert response.url == address(firm, f"{draft.pk}/")
    assert (draft.published_at, draft.items.count()) == (None, 19)
    assert draft.source == StoredFile.objects.get()
    assert HistoryEntry.objects.get(verb="draft_rubric").by == firm.admin


def test_a_complete_form_is_published_at_once(send, confirm):
    confirm(send(excel.SERVICE, "customer_service"), "publish")
    assert Rubric.objects.current().count() == 1


def test_an_incomplete_one_is_not_published_and_says_what_is_missing(send, confirm):
    page = confirm(send(excel.FACILITIES, "facilities"), "publish")
    assert page.status_code == 422
    assert "没有规定分值" in text(page)
    assert not Rubric.objects.exists()


def test_what_is_missing_can_be_put_in_on_the_page(send, confirm):
    typed = {"points-9": "4分", "deduct-9": "0.2～1", "name-9": "弱电机房环境"}
    confirm(send(excel.FACILITIES, "facilities"), "publish", **typed)
    item = Rubric.objects.current().get().items.get(code="FA07")
    assert (item.name, item.points) == ("弱电机房环境", 4)
    assert (item.deduct_min, item.deduct_max) == (Decimal("0.2"), 1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"points-9": "四"}, "请填大于 0 的分值"),
        ({"points-9": "0"}, "请填大于 0 的分值"),
        ({"points-9": "-4"}, "请填大于 0 的分值"),
        ({"points-9": "4", "deduct-9": "很多"}, "请填幅度或固定分值"),
        ({"points-9": "4", "deduct-9": "2-1"}, "幅度要从小到大"),
        ({"points-9": "4", "deduct-9": "1-5"}, "超过了该项的 4 分"),
    ],
)
def test_a_wrong_answer_is_said_beside_its_field_and_kept(send, confirm, typed, says):
    page = confirm(send(excel.FACILITIES, "facilities"), **typed)
    assert page.status_code == 422
    assert says in text(page)
    assert all(f'value="{value}"' in text(page) for value in typed.values())
    assert not Rubric.objects.exists()


def test_over_a_published_version_it_is_the_next_and_says_so(send, admin, confirm, firm):
    load_rubric(
        campaign=firm.campaign, specialty=firm.lines["customer_service"], by="command",
        data=rubric_data("customer_service"), at=cast.NOW,
    )  # fmt: skip
    review = send(excel.SERVICE, "customer_service")
    assert "第 1 版已发布，不会改动；这一份是第 2 版" in text(admin.get(review.url))
    confirm(review)
    assert list(Rubric.objects.drafts().values_list("version", flat=True)) == [2]


def test_a_draft_that_somebody_else_made_meanwhile_is_not_overwritten(
    client, send, firm, admin, confirm
):
    review = send(excel.FACILITIES, "facilities")
    seen = admin.get(review.url).context["import"].draft_mark
    other = send(excel.book(excel.item("别人的", points=5)), "facilities")
    confirm(other)
    typed = {"action": "draft", "seen": seen, "points-9": "4"}
    page = admin.post(review.url, typed)
    assert page.status_code == 409
    assert "这个专业的草稿刚被别人改过" in text(page)
    assert 'name="points-9" value="4"' in text(page)
    assert Rubric.objects.get().items.get().name == "别人的"
    again = typed | {"seen": page.context["import"].draft_mark}
    assert admin.post(review.url, again).status_code == 302
    assert Rubric.objects.get().items.count() == 7


def test_confirming_twice_keeps_one_draft(send, confirm):
    review = send(excel.SERVICE)
    confirm(review)
    confirm(review)
    assert Rubric.objects.count() == 1


def test_a_review_takes_the_same_queries_for_any_number_of_items(
    send, admin, django_assert_num_queries
):
    small, large = (
        send(excel.book(*(excel.item(f"第{n}项", points=5) for n in range(count)))).url
        for count in (3, 12)
    )
    admin.get(small)
    with CaptureQueriesContext(connection) as few:
        admin.get(small)
    with django_assert_num_queries(len(few)):
        admin.get(large)


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
        (FIVE | {"order": "abc"}, "输入一个数字"),
        (FIVE | {"order": "-1"}, "大于或等于"),
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
