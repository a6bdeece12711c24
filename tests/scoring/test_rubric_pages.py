"""Writing a rubric in the browser without scripts: who may, what is shown, what survives."""

import io
import re

import openpyxl
import pytest

from scoring.content import of_rubric
from scoring.drafts import start_draft
from scoring.editing import item_mark, write_item
from scoring.forms import read_rubric
from scoring.models import Rubric
from tests import cast
from tests.queries import queries_of
from tests.scoring.test_item_form import rule, typed
from tests.scoring.writing import item
from tests.scoring.writing import rule as rule_data

AT = cast.NOW
PRIMARY = r'class="btn btn-primary"[^>]*>(?:<svg.*?</svg>)?([^<]*)'


@pytest.fixture
def firm(db):
    return cast.company()


@pytest.fixture
def admin(client, firm):
    client.force_login(firm.admin)
    return client


@pytest.fixture
def draft(firm):
    return start_draft(campaign=firm.campaign, specialty=firm.lines["order"], by=firm.admin, at=AT)


@pytest.fixture
def add(firm, draft):
    def make(*args, **more):
        return write_item(rubric=draft, data=item(*args, **more), by=firm.admin, at=AT)

    return make


def at(rubric, step="") -> str:
    return f"{rubric.get_absolute_url()}{step}"


def text(answer) -> str:
    return answer.content.decode()


def names(rubric) -> list[str]:
    return [entry.name[0] for entry in of_rubric(rubric).entries]


# --- beginning ---------------------------------------------------------------------------


def test_a_draft_is_begun_empty_or_as_a_copy(admin, firm):
    published = cast.rubric(firm.campaign, firm.lines["order"])
    answer = admin.post("/c/c11/rubrics/new/", {"specialty": "order", "copy_of": published.pk})
    made = Rubric.objects.drafts().get()
    assert answer.url == made.get_absolute_url()
    assert names(made) == names(published)
    admin.post("/c/c11/rubrics/new/", {"specialty": "facilities", "name": "设备细则"})
    assert Rubric.objects.get(specialty=firm.lines["facilities"]).name_zh_hans == "设备细则"


def test_a_draft_has_one_next_step(admin, draft, add):
    """The first item while there is none, publishing when nothing is missing."""
    assert re.findall(PRIMARY, text(admin.get(at(draft)))) == ["加一项"]
    add("台账")
    assert len(re.findall(PRIMARY, text(admin.get(at(draft))))) <= 1


def test_a_draft_that_stands_is_shown_instead_of_a_second_one(admin, draft):
    answer = admin.post("/c/c11/rubrics/new/", {"specialty": "order", "name": "再来一份"})
    assert answer.status_code == 422
    assert draft.get_absolute_url() in text(answer)
    assert "再来一份" in text(answer)


def test_an_address_may_say_what_to_copy(admin, firm):
    published = cast.rubric(firm.campaign, firm.lines["order"])
    page = text(admin.get(f"/c/c11/rubrics/new/?specialty=order&copy_of={published.pk}"))
    assert f'<option value="{published.pk}" selected>' in page


# --- items -------------------------------------------------------------------------------


def test_an_item_is_written_without_scripts(admin, draft):
    rules = [rule("each:range", "0.5-2"), rule("lose_item", "", "无该项制度的")]
    lines = [{"text": "制度上墙公示", "critical": "zero"}]
    answer = admin.post(at(draft, "items/new/"), typed(requirements=lines, rules=rules,
                                                        photo_required="on"))  # fmt: skip
    assert answer.url == at(draft, "#OR01")
    page = text(admin.get(at(draft)))
    for words in ("制度上墙公示", "缺失则本表零分", "每缺一项扣 0.5–2", "本项不得分", "扣分须拍照"):
        assert words in page


def test_one_item_leads_to_the_next(admin, draft):
    data = typed(then="another")
    assert "items/new/?section=" in admin.post(at(draft, "items/new/"), data).url


def test_what_was_typed_stays_beside_its_mistakes(admin, draft):
    data = typed(
        name="", requirements=[{"text": "写了半天的内容"}], rules=[rule("fixed", "x", "甲")]
    )
    answer = admin.post(at(draft, "items/new/"), data)
    assert answer.status_code == 422
    for words in ("写了半天的内容", "请写项目名称", "请填一个分值", 'value="x"'):
        assert words in text(answer)
    assert names(draft) == []


def test_an_item_of_the_same_name_is_refused_beside_the_name(admin, draft, add):
    add("制度建设")
    answer = admin.post(at(draft, "items/new/"), typed())
    assert answer.status_code == 422
    assert "已经有叫“制度建设”的项目" in text(answer)


def test_a_conflict_shows_theirs_and_mine_and_then_mine_may_be_kept(admin, draft, add):
    add("制度建设")
    seen = mark(admin, draft)
    mine = typed(name="我写的名字", seen=seen)
    other = typed(name="别人写的名字", seen=seen)
    admin.post(at(draft, "items/OR01/"), other)
    answer = admin.post(at(draft, "items/OR01/"), mine)
    assert answer.status_code == 409
    assert "别人写的名字" in text(answer) and 'value="我写的名字"' in text(answer)
    assert names(draft) == ["别人写的名字"]
    again = typed(name="我写的名字", seen=mark_in(text(answer)))
    assert admin.post(at(draft, "items/OR01/"), again).status_code == 302
    assert names(draft) == ["我写的名字"]


def test_an_item_that_is_gone_can_be_saved_as_a_new_one(admin, draft, add):
    add("制度建设")
    mine = typed(name="我写的名字", seen=mark(admin, draft))
    admin.post(at(draft, "arrange/"), {"do": remove_button(admin, draft)})
    answer = admin.post(at(draft, "items/OR01/"), mine)
    assert answer.status_code == 409
    assert f'action="{at(draft, "items/new/")}"' in text(answer)


def mark(client, draft, code="OR01") -> str:
    return mark_in(text(client.get(at(draft, f"items/{code}/"))))


def mark_in(page: str) -> str:
    return re.search(r'name="seen" value="(\w*)"', page)[1]


def remove_button(client, draft) -> str:
    return re.search(r'value="(remove OR01 \w+)"', text(client.get(at(draft))))[1]


# --- order and names -----------------------------------------------------------------------


@pytest.fixture
def four(add):
    for name, section in (("甲", "一部"), ("乙", "一部"), ("丙", "一部"), ("丁", "二部")):
        add(name, section)


@pytest.mark.parametrize(
    ("do", "order"),
    [
        ("up OR02", "乙甲丙丁"), ("up OR01", "甲乙丙丁"), ("down OR01", "乙甲丙丁"),
        ("down OR02", "甲丙乙丁"), ("down OR03", "甲乙丙丁"), ("put OR04 OR01", "丁甲乙丙"),
        ("section-up s2", "丁甲乙丙"), ("section-down s1", "丁甲乙丙"),
        ("section-up s1", "甲乙丙丁"),
    ],
)  # fmt: skip
def test_items_and_sections_move_by_buttons(admin, draft, four, do, order):
    assert admin.post(at(draft, "arrange/"), {"do": do}).status_code == 302
    assert names(draft) == list(order)


def test_an_item_is_removed(admin, draft, four):
    admin.post(at(draft, "arrange/"), {"do": remove_button(admin, draft)})
    assert names(draft) == list("乙丙丁")


def test_an_item_that_changed_since_is_not_removed(admin, firm, draft, four):
    button = remove_button(admin, draft)
    data = item("甲", "一部", points="9")
    entry = of_rubric(draft).entries[0]
    write_item(rubric=draft, item="OR01", data=data, seen=item_mark(entry, "一部"), by=firm.center,
               at=AT)  # fmt: skip
    page = admin.post(at(draft, "arrange/"), {"do": button}, follow=True)
    assert "刚被别人改过" in text(page)
    assert len(names(draft)) == 4


@pytest.mark.parametrize("do", ["", "nonsense OR01", "up"])
def test_a_move_that_is_none_is_not_found(admin, draft, do):
    assert admin.post(at(draft, "arrange/"), {"do": do}).status_code == 404


def test_a_section_is_renamed_and_a_taken_name_stays_typed(admin, draft, four):
    admin.post(at(draft, "sections/s1/"), {"s1-name": "现场", "s1-seen": "一部"})
    assert of_rubric(draft).sections[0][1] == "现场"
    answer = admin.post(at(draft, "sections/s1/"), {"s1-name": "二部", "s1-seen": "现场"})
    assert answer.status_code == 422
    assert 'value="二部"' in text(answer) and "已经有叫“二部”的类别" in text(answer)


def test_names_and_weight_are_saved_or_stay_typed(admin, draft):
    seen = re.search(r'name="seen" value="(\w+)"', text(admin.get(at(draft))))[1]
    facts = {"zh": "秩序细则", "en": "Order", "weight": "12.5", "seen": seen}
    admin.post(at(draft, "facts/"), facts)
    draft.refresh_from_db()
    assert (draft.name_zh_hans, draft.name_en, str(draft.proposed_weight)) == (
        "秩序细则", "Order", "12.50",
    )  # fmt: skip
    answer = admin.post(at(draft, "facts/"), facts | {"zh": "又改名"})
    assert answer.status_code == 422
    assert 'value="又改名"' in text(answer) and "刚被别人改过" in text(answer)


def test_a_draft_is_discarded(admin, draft, four):
    assert admin.post(at(draft, "discard/")).url == "/c/c11/rubrics/"
    assert not Rubric.objects.exists()


# --- published -----------------------------------------------------------------------------


@pytest.fixture
def published(firm):
    return cast.rubric(firm.campaign, firm.lines["order"])


MOVES = (
    ("items/I01/", {}), ("items/new/", {}), ("arrange/", {"do": "up I02"}), ("discard/", {}),
    ("sections/s0/", {"s0-name": "新", "s0-seen": "第1部分"}), ("facts/", {"zh": "新名"}),
)  # fmt: skip


@pytest.mark.parametrize(("step", "data"), MOVES)
def test_a_published_rubric_is_only_read(admin, published, step, data):
    before = of_rubric(published)
    admin.post(at(published, step), data or typed())
    assert of_rubric(Rubric.objects.get(pk=published.pk)) == before


def test_a_published_rubric_offers_to_write_the_next_version(admin, published):
    page = text(admin.get(at(published)))
    assert "以此为底稿改一版" in page
    assert "items/" not in page


def test_a_draft_shows_what_it_changes_in_the_version_in_force(admin, firm, published):
    draft = start_draft(campaign=firm.campaign, specialty=firm.lines["order"], by=firm.admin,
                        at=AT, copy_of=published)  # fmt: skip
    write_item(rubric=draft, data=item("夜间巡逻"), by=firm.admin, at=AT)
    page = text(admin.get(at(draft)))
    assert "与现行版的差别" in page and "新增" in page


# --- access --------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "data"), MOVES)
def test_a_reader_may_not_write_and_a_stranger_finds_nothing(client, firm, draft, add, step, data):
    add()
    step = step.replace("I01", "OR01")
    for person, status in ((firm.executive, 403), (firm.worker, 404)):
        client.force_login(person)
        assert client.post(at(draft, step), data or typed()).status_code == status
    assert names(draft) == ["制度建设"]


def test_a_reader_of_a_draft_sees_no_tools(client, firm, draft, add):
    add()
    client.force_login(firm.executive)
    page = text(client.get(at(draft)))
    assert "制度建设" in page
    assert "arrange" not in page and "items/OR01" not in page


def test_only_rubrics_that_one_may_see_can_be_copied(admin, firm):
    assert (
        admin.post("/c/c11/rubrics/new/", {"specialty": "order", "copy_of": 999}).status_code == 422
    )
    assert not Rubric.objects.exists()


# --- size ----------------------------------------------------------------------------------


def test_a_drafts_page_asks_as_much_for_many_items_as_for_few(admin, draft, add):
    extra = [rule_data("fixed", "未发布的", "1")]
    add("甲", rules=extra)
    few = queries_of(lambda: admin.get(at(draft)))
    for name in "乙丙丁戊己":
        add(name, rules=extra)
    assert queries_of(lambda: admin.get(at(draft))) == few


def test_saving_an_item_costs_the_same_in_a_long_rubric(firm, draft, add):
    def save():
        add(f"项目{draft.items.count()}")

    few = queries_of(save)
    for _n in range(10):
        save()
    assert queries_of(save) == few


# --- files ---------------------------------------------------------------------------------


def test_the_company_form_is_downloaded(admin, published):
    answer = admin.get(at(published, "excel/"))
    assert len(read_rubric(answer.content).items) == 4
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).active["A2"].value == "类别"
    assert "v1.xlsx" in answer["Content-Disposition"]


# --- the admin site --------------------------------------------------------------------------


def test_the_admin_site_shows_rubrics_and_leads_to_their_pages(admin, firm, draft):
    published = cast.rubric(firm.campaign, firm.lines["facilities"])
    listed = text(admin.get("/admin/scoring/rubric/"))
    assert f'<a href="{draft.get_absolute_url()}">编写</a>' in listed
    assert f'<a href="{published.get_absolute_url()}">查看</a>' in listed
    change = f"/admin/scoring/rubric/{draft.pk}/change/"
    assert admin.post(change, {"name_zh_hans": "改名"}).status_code == 403
    draft.refresh_from_db()
    assert draft.name_zh_hans != "改名"


def test_the_admin_site_publishes_through_the_same_function(admin, draft, add):
    for name in "甲乙":
        add(name)
    data = {"action": "publish", "_selected_action": [draft.pk]}
    admin.post("/admin/scoring/rubric/", data)
    draft.refresh_from_db()
    assert draft.published_by.username == "admin"
