"""An import is confirmed: all of it or none, long ones by a task, many items at a like cost."""

import pytest
from celery import Celery
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.celery import app
from organization.models import HistoryEntry, StoredFile
from scoring import reviews, tasks
from scoring.models import Rubric, RubricImport
from scoring.rubrics import load_rubric
from scoring.template import rubric_data
from scoring.views import rubric_import
from tests import cast
from tests.corpus import forms as corpus
from tests.scoring import excel
from tests.scoring.pages.reviewing import address, shown, text

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


def test_over_a_published_version_it_is_the_next_and_says_what_changes(send, admin, confirm, firm):
    load_rubric(
        campaign=firm.campaign, specialty=firm.lines["customer_service"], by="command",
        data=rubric_data("customer_service"), at=cast.NOW,
    )  # fmt: skip
    review = send(excel.SERVICE, "customer_service")
    says = "已发布的第 1 版不变；这次导入成为第 2 版；已有评分表留在原来的版本"
    assert says in text(admin.get(review.url))
    assert shown(admin, review).difference.same == 19
    page = shown(admin, review)
    admin.post(review.url, {"do": "leave", "row": "3", "mark": page.leaf("3").mark})
    (row,) = shown(admin, review).difference.rows
    assert (row.code, row.marks) == ("CS01", ("removed",))
    admin.post(
        review.url, {"do": "undo", "row": "3", "mark": shown(admin, review).left_out[0].mark}
    )
    confirm(review)
    assert list(Rubric.objects.drafts().values_list("version", flat=True)) == [2]


def test_a_draft_that_somebody_else_made_meanwhile_is_not_overwritten(
    send, firm, admin, confirm, put
):
    review = send(excel.FACILITIES, "facilities")
    put(review, 9, points="4")
    seen = {"seen": "", "revision": "1", "do": "draft"}
    confirm(send(excel.book(excel.item("别人的", points=5), total=5), "facilities"))
    page = admin.post(review.url, seen)
    assert page.status_code == 409
    assert "这个专业的草稿刚被别人改过" in text(page)
    assert page.context["import"].leaf("9").item.points == 4
    assert Rubric.objects.get().items.get().name == "别人的"
    again = seen | {"seen": page.context["import"].draft_mark}
    assert admin.post(review.url, again).status_code == 302
    assert Rubric.objects.get().items.count() == 7


def test_confirming_twice_keeps_one_draft(send, admin):
    review = send(excel.SERVICE)
    typed = {"do": "draft", "seen": "", "revision": "0"}
    first, second = admin.post(review.url, typed), admin.post(review.url, typed)
    assert first.url == second.url == Rubric.objects.get().get_absolute_url()
    assert HistoryEntry.objects.filter(verb="draft_rubric").count() == 1


def test_an_import_that_is_given_up_leaves_nothing(send, admin, firm):
    review = send(excel.SERVICE)
    assert admin.post(review.url, {"do": "discard"}).url == address(firm, "")
    assert not RubricImport.objects.exists()
    assert admin.get(review.url).status_code == 404


# --- long ones -----------------------------------------------------------------------------


@pytest.fixture
def long(monkeypatch):
    """Every file and every rubric counts as long."""
    monkeypatch.setattr(rubric_import, "LONG_FILE", 10)
    monkeypatch.setattr(rubric_import, "LONG_RUBRIC", 1)


@pytest.fixture
def at_once():
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_a_long_file_is_read_behind_the_page(long, send, admin):
    review = send(excel.SERVICE, "")
    page = admin.get(review.url)
    assert "正在读这个文件" in text(page)
    assert admin.get(f"{review.url}progress/").json() == {"done": False, "percent": 0}
    tasks.read_upload(str(RubricImport.objects.get().pk))
    assert admin.get(f"{review.url}progress/").json()["done"]
    assert "看懂 19 项" in text(admin.get(review.url))
    assert RubricImport.objects.get().specialty.code == "customer_service"


def test_a_long_file_with_several_tables_is_read_once(long, send, several):
    first = RubricImport.objects.get()
    tasks.read_upload(str(first.pk))
    tasks.read_upload(str(first.pk))
    assert RubricImport.objects.count() == 2


def test_a_long_file_that_cannot_be_read_says_so_when_one_comes_back(long, at_once, send, admin):
    review = send(corpus.workbook([["随便", "写的"]]))
    page = admin.get(review.url)
    assert "没有找到表头" in text(page)
    assert f'action="{review.url.split("import/")[0]}import/"' in text(page)


def test_a_long_rubric_is_written_behind_the_page(long, at_once, send, admin, confirm):
    review = send(excel.SERVICE, "customer_service")
    assert confirm(review, "publish").url == review.url
    assert admin.get(review.url).url == Rubric.objects.current().get().get_absolute_url()


def test_a_task_that_comes_twice_writes_once(long, send, admin, confirm, firm):
    review = send(excel.SERVICE, "customer_service")
    import_ = RubricImport.objects.get()
    tasks.read_upload(str(import_.pk))
    confirm(review)
    assert "正在写入" in text(admin.get(review.url))
    for _ in range(2):
        tasks.confirm_import(str(import_.pk), firm.admin.pk)
    assert Rubric.objects.get().items.count() == 19
    assert HistoryEntry.objects.filter(verb="draft_rubric").count() == 1


def test_nothing_is_changed_while_it_is_being_written(long, send, admin, confirm):
    review = send(excel.SERVICE, "customer_service")
    tasks.read_upload(str(RubricImport.objects.get().pk))
    confirm(review)
    import_ = RubricImport.objects.get()
    with pytest.raises(reviews.Refused):
        reviews.rename(import_=import_, title="别的", revision=import_.revision)


def test_a_task_that_is_refused_opens_the_review_again_and_says_why(
    long, at_once, send, admin, confirm
):
    review = send(excel.FACILITIES, "facilities")
    assert confirm(review, "publish").url == review.url
    page = text(admin.get(review.url))
    assert "上次没有写成" in page
    assert "没有规定分值" in page
    assert not Rubric.objects.exists()


def test_without_a_broker_it_is_done_at_once():
    done, elsewhere = [], Celery("far", broker="redis://127.0.0.1:1/0", set_as_current=False)

    @elsewhere.task
    def note(number):
        done.append(number)

    tasks.ask(note, 7)
    assert done == [7]


def test_when_no_worker_comes_it_can_be_done_in_the_page(long, send, admin):
    review = send(excel.SERVICE, "customer_service")
    assert 'value="now"' not in text(admin.get(review.url))
    RubricImport.objects.update(asked_at=cast.NOW)
    assert 'value="now"' in text(admin.get(review.url))
    admin.post(review.url, {"do": "now"})
    assert "看懂 19 项" in text(admin.get(review.url))


# --- many items ----------------------------------------------------------------------------


def many(count) -> bytes:
    return excel.book(
        *(excel.item(f"第{n}项", section=f"第{n // 40}部分") for n in range(count)),
        total=5 * count,
    )


def test_a_review_takes_the_same_queries_for_any_number_of_items(
    send, admin, django_assert_num_queries
):
    small, large = send(many(3)).url, send(many(12)).url
    admin.get(small)
    with CaptureQueriesContext(connection) as few:
        admin.get(small)
    with django_assert_num_queries(len(few)):
        admin.get(large)


def test_sections_of_a_long_rubric_come_when_they_are_opened(send, admin):
    review = send(many(400))
    page = text(admin.get(review.url))
    assert "第79项" not in page.split("系统的理解")[1]
    assert "?part=2" in page
    piece = admin.get(f"{review.url}?part=2", headers={"X-Requested-With": "fetch"})
    assert "第79项" in text(piece)
    assert "<html" not in text(piece)
    assert "第79项" in text(admin.get(f"{review.url}?part=2")).split("系统的理解")[1]


def test_an_items_form_comes_when_it_is_opened(send, admin):
    review = send(many(400))
    piece = text(admin.get(f"{review.url}?item=50", headers={"X-Requested-With": "fetch"}))
    assert 'name="r50-points"' in piece
    assert 'name="r51-points"' not in piece
    assert 'name="r50-points"' in text(admin.get(f"{review.url}?item=50"))


def test_a_long_sheet_has_pages_and_links_lead_to_the_right_one(send, admin):
    review = send(excel.book(
        *(excel.item(f"第{n}项", points="?" if n == 350 else 5) for n in range(400)), total=2000
    ))  # fmt: skip
    page = text(admin.get(review.url))
    assert 'id="c-D353"' not in page
    assert "?rows=2#c-D353" in page
    assert '<td id="c-D353" class="stop">' in text(admin.get(f"{review.url}?rows=2"))


@pytest.mark.parametrize("rows", ["0", "-1", "x", "99"])
def test_a_page_that_there_is_not_is_the_nearest(send, admin, rows):
    page = admin.get(f"{send(excel.two_items()).url}?rows={rows}")
    assert page.context["import"].grid.page == 1
