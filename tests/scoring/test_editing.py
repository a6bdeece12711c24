"""A draft written by hand: what each move does, keeps, refuses and puts on record."""

from decimal import Decimal

import pytest
from django.utils import translation

from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import HistoryEntry
from scoring import drafts, editing
from scoring.content import of_rubric
from scoring.item_data import entry_data
from scoring.models import CampaignResults, Item, Rubric
from scoring.rubrics import publish_rubric
from scoring.scored_items import engine_items
from tests import cast
from tests.scoring.writing import PRICE, item, rule

AT = cast.NOW


@pytest.fixture
def firm(db):
    return cast.company()


@pytest.fixture
def draft(firm):
    return start(firm)


def start(firm, code="order", **more):
    return drafts.start_draft(
        campaign=firm.campaign, specialty=firm.lines[code], by=firm.admin, at=AT, **more
    )


@pytest.fixture
def add(firm, draft):
    def make(*args, **more):
        data = item(*args, **more)
        return editing.write_item(rubric=draft, data=data, by=firm.admin, at=AT)

    return make


def seen(draft, code) -> str:
    entry, section = stored(draft, code)
    return editing.item_mark(entry, section)


def stored(draft, code):
    content = of_rubric(draft)
    names = {section: name for section, name, _english in content.sections}
    entry = next(each for each in content.entries if each.code == code)
    return entry, names[entry.section]


def outline(draft) -> list[tuple[str, list[str]]]:
    content = of_rubric(draft)
    return [
        (name, [entry.name[0] for entry in content.entries if entry.section == code])
        for code, name, _english in content.sections
    ]


def change(firm, draft, code, mark=None, **fields):
    entry, section = stored(draft, code)
    return editing.write_item(
        rubric=draft, item=code, data=entry_data(entry, section) | fields,
        seen=seen(draft, code) if mark is None else mark, by=firm.center, at=AT,
    )  # fmt: skip


# --- beginning ---------------------------------------------------------------------------


def test_an_empty_draft_is_the_next_version(firm):
    cast.rubric(firm.campaign, firm.lines["order"])
    made = start(firm)
    assert (made.version, made.published_at, made.items.count()) == (2, None, 0)
    assert history_of(made).get().verb == "start_rubric"


def test_a_draft_that_stands_is_not_replaced(firm, draft):
    with pytest.raises(Refused) as refusal:
        start(firm)
    assert refusal.value.code == "draft_exists"


def test_a_copy_within_the_specialty_keeps_everything(firm):
    original = cast.rubric(firm.campaign, firm.lines["order"], sections=2)
    made = start(firm, copy_of=original)
    assert of_rubric(made) == of_rubric(original)
    assert (made.name_zh_hans, made.name_en) == (original.name_zh_hans, original.name_en)


def test_a_copy_from_another_campaign_keeps_its_codes(firm):
    last_year = cast.campaign("c10")
    original = cast.rubric(last_year, firm.lines["order"])
    assert of_rubric(start(firm, copy_of=original)) == of_rubric(original)


def test_a_copy_for_another_specialty_gets_codes_of_its_own(firm):
    original = cast.rubric(firm.campaign, firm.lines["facilities"], items=2)
    made = start(firm, copy_of=original)
    assert [entry.code for entry in of_rubric(made).entries] == ["OR01", "OR02"]
    assert made.name_zh_hans == "秩序维护督导评分细则"


# --- items -------------------------------------------------------------------------------


def test_items_are_written_into_their_sections(draft, add):
    assert [add("制度建设"), add("岗亭", "现场"), add("会议")] == ["OR01", "OR02", "OR03"]
    assert outline(draft) == [("内部管理", ["制度建设", "会议"]), ("现场", ["岗亭"])]
    assert list(draft.items.order_by("order").values_list("code", "order")) == [
        ("OR01", 0), ("OR03", 1), ("OR02", 2),
    ]  # fmt: skip


def test_an_item_may_have_rules_of_every_kind(firm, draft, add):
    rules = [
        PRICE,
        rule("lose_item", "无该项制度的"),
        rule("fixed", "未以文件形式发布的", "1"),
        rule("per_occurrence", "未经培训上岗的", "2"),
        rule("levels", "基本符合的", "0", "2", levels=("0", "1", "2")),
        rule("extra", "扣满4分的", "10"),
    ]
    add(rules=rules, photo_required=True,
        requirements=[{"text": "持证上岗", "critical": "zero"}])  # fmt: skip
    entry, section = stored(draft, "OR01")
    assert entry_data(entry, section)["rules"] == rules
    published = publish_rubric(rubric=draft, by=firm.admin, at=AT)
    [scored] = engine_items(published)
    assert [each.code for each in scored.rules] == ["", "r1", "r2", "r3", "r4", "r5"]


def test_a_change_keeps_code_place_and_the_english_of_what_did_not_change(firm):
    original = cast.rubric(firm.campaign, firm.lines["order"])
    made = start(firm, copy_of=original)
    change(firm, made, "I02", name="新名字")
    entry, _section = stored(made, "I02")
    assert (entry.name, entry.requirements[0].text[1]) == (("新名字", None), "Requirement 1")
    assert made.items.get(order=1).code == "I02"
    assert history_of(made)[0].detail["was"]["name"] == "项目2"


def test_words_are_chinese_whoever_writes_them(draft, add):
    with translation.override("en"):
        add("制度建设")
        assert Item.objects.rewrite(False).values_list("name", flat=True).get() == "制度建设"


def test_two_people_write_in_one_draft_at_the_same_time(firm, draft, add):
    add("制度建设")
    add("会议")
    mine = seen(draft, "OR02")
    change(firm, draft, "OR01", points="8")
    change(firm, draft, "OR02", mark=mine, points="4")
    assert list(draft.items.order_by("order").values_list("points", flat=True)) == [8, 4]


def test_an_item_that_somebody_else_changed_is_a_conflict(firm, draft, add):
    add("制度建设")
    mine = seen(draft, "OR01")
    change(firm, draft, "OR01", points="8")
    with pytest.raises(Conflict) as conflict:
        change(firm, draft, "OR01", mark=mine, points="4")
    assert conflict.value.theirs.points == 8
    assert draft.items.get().points == 8


def test_an_item_that_is_gone_is_a_conflict_too(firm, draft, add):
    add("制度建设")
    data, mark = item(points="4"), seen(draft, "OR01")
    editing.remove_item(rubric=draft, item="OR01", seen=mark, by=firm.admin, at=AT)
    with pytest.raises(Conflict) as conflict:
        editing.write_item(rubric=draft, item="OR01", data=data, seen=mark, by=firm.admin, at=AT)
    assert conflict.value.theirs is None


def test_a_section_has_each_name_once(draft, add):
    add("制度建设")
    with pytest.raises(Refused) as refusal:
        add("制度 建设")
    assert (refusal.value.code, refusal.value.field) == ("twin_item", "name")
    add("制度建设", "现场")


def test_a_new_item_never_gets_a_code_that_was_published(firm):
    original = cast.rubric(firm.campaign, firm.lines["order"], items=4)
    made = start(firm, copy_of=original)
    mark = seen(made, "I04")
    editing.remove_item(rubric=made, item="I04", seen=mark, by=firm.admin, at=AT)
    code = editing.write_item(rubric=made, data=item("夜巡"), by=firm.admin, at=AT)
    assert code == "OR05"


def test_an_item_that_comes_back_gets_its_code_back(firm):
    original = cast.rubric(firm.campaign, firm.lines["order"], items=4)
    made = start(firm, copy_of=original)
    editing.remove_item(rubric=made, item="I04", seen=seen(made, "I04"), by=firm.admin, at=AT)
    data = item("项目4", "第1部分")
    assert editing.write_item(rubric=made, data=data, by=firm.admin, at=AT) == "I04"


def test_what_was_removed_stays_in_the_history(firm, draft, add):
    add("制度建设")
    editing.remove_item(rubric=draft, item="OR01", seen=seen(draft, "OR01"), by=firm.admin, at=AT)
    assert outline(draft) == []
    assert history_of(draft)[0].detail["was"]["requirements"][0]["text"] == "制度上墙公示"


# --- order -------------------------------------------------------------------------------


@pytest.fixture
def four(add):
    for name, section in (("甲", "一部"), ("乙", "一部"), ("丙", "二部"), ("丁", "二部")):
        add(name, section)


def move(firm, draft, code, **where):
    editing.move_item(rubric=draft, item=code, by=firm.admin, at=AT, **where)
    return outline(draft)


def test_items_move_before_each_other(firm, draft, four):
    assert move(firm, draft, "OR02", before="OR01")[0] == ("一部", ["乙", "甲"])
    assert history_of(draft)[0].after == "一部 1"


def test_items_move_into_another_section(firm, draft, four):
    assert move(firm, draft, "OR01", before="OR04")[1] == ("二部", ["丙", "甲", "丁"])


def test_items_move_to_the_end_of_a_section(firm, draft, four):
    assert move(firm, draft, "OR01", section="s1")[0] == ("一部", ["乙", "甲"])
    move(firm, draft, "OR01", section="s2")
    assert move(firm, draft, "OR02", section="s2") == [("二部", ["丙", "丁", "甲", "乙"])]


def test_a_move_to_where_nothing_is_any_more_is_refused(firm, draft, four):
    with pytest.raises(Refused):
        move(firm, draft, "OR01", before="OR99")


def test_sections_move_with_their_items(firm, draft, four):
    editing.move_section(rubric=draft, section="s2", before="s1", by=firm.admin, at=AT)
    assert outline(draft) == [("二部", ["丙", "丁"]), ("一部", ["甲", "乙"])]
    assert list(draft.items.order_by("order").values_list("name_zh_hans", flat=True)) == list(
        "丙丁甲乙"
    )


def test_a_section_is_renamed(firm, draft, four):
    rename(firm, draft, "s1", "现场管理", "一部")
    assert outline(draft)[0][0] == "现场管理"


def rename(firm, draft, code, name, saw):
    return editing.rename_section(
        rubric=draft, section=code, name=name, seen=saw, by=firm.admin, at=AT
    )


@pytest.mark.parametrize(
    ("name", "saw", "error"),
    [("二部", "一部", "twin_section"), ("", "一部", "no_name"), ("新", "旧", "conflict")],
)
def test_a_section_keeps_its_name_when_another_has_it_or_it_changed(
    firm, draft, four, name, saw, error
):
    with pytest.raises(Refused) as refusal:
        rename(firm, draft, "s1", name, saw)
    assert refusal.value.code == error


# --- the whole -----------------------------------------------------------------------------


def rename_draft(firm, draft, mark, **more):
    words = {"zh": "秩序细则", "en": "Order", "weight": Decimal(25)} | more
    return drafts.rename_rubric(rubric=draft, seen=mark, by=firm.admin, at=AT, **words)


def test_a_draft_gets_names_and_a_weight(firm, draft):
    made = rename_draft(firm, draft, drafts.facts_mark(draft))
    assert (made.name_zh_hans, made.name_en, made.proposed_weight) == ("秩序细则", "Order", 25)


def test_names_that_somebody_else_changed_are_a_conflict(firm, draft):
    mark = drafts.facts_mark(draft)
    rename_draft(firm, draft, mark)
    with pytest.raises(Conflict):
        rename_draft(firm, draft, mark, zh="别的名字")


def test_the_longest_name_is_put_on_record_whole(firm, draft, add):
    """Also in the state of a draft that is discarded, and of what is moved between sections."""
    longest = "秩" * drafts.LONGEST_TITLE
    rename_draft(firm, draft, drafts.facts_mark(draft), zh=longest)
    add("甲", section=longest)
    add("乙", section="另一类")
    content = of_rubric(draft)
    first, second = [entry.code for entry in content.entries]
    section = content.entries[1].section
    editing.move_section(
        rubric=draft, section=section, before=content.entries[0].section, by=firm.admin, at=AT
    )
    editing.move_item(
        rubric=draft,
        item=second,
        section=content.entries[0].section,
        before=first,
        by=firm.admin,
        at=AT,
    )
    drafts.discard_draft(rubric=draft, by=firm.admin, at=AT)
    entries = HistoryEntry.objects.filter(
        verb__in=["rename_rubric", "move_section", "move_item", "discard_rubric"]
    )
    for entry in entries:
        entry.clean_fields()  # SQLite takes any length, PostgreSQL does not
    assert [entry.verb for entry in entries if longest in entry.before + entry.after] == [
        "discard_rubric", "move_item", "rename_rubric",
    ]  # fmt: skip


def test_a_discarded_draft_is_kept_by_the_campaigns_history(firm, draft, add):
    add("制度建设")
    drafts.discard_draft(rubric=draft, by=firm.admin, at=AT)
    assert not Rubric.objects.exists()
    assert history_of(firm.campaign)[0].detail["items"][0]["name"] == "制度建设"


def moves(firm, rubric) -> list:
    one = {"rubric": rubric, "by": firm.admin, "at": AT}
    return [
        lambda: editing.write_item(data=item(), **one),
        lambda: editing.remove_item(item="I01", seen="", **one),
        lambda: editing.move_item(item="I01", section="s0", **one),
        lambda: editing.rename_section(section="s0", name="新", seen="", **one),
        lambda: editing.move_section(section="s0", **one),
        lambda: drafts.rename_rubric(zh="新", en="", weight=None, seen="", **one),
        lambda: drafts.discard_draft(**one),
    ]


def test_a_published_rubric_refuses_every_move(firm):
    rubric = cast.rubric(firm.campaign, firm.lines["order"])
    before = of_rubric(rubric)
    for act in moves(firm, rubric):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "published"
    assert of_rubric(Rubric.objects.get(pk=rubric.pk)) == before


def test_frozen_results_refuse_every_move(firm, draft):
    CampaignResults.objects.update_or_create(campaign=firm.campaign, defaults={"frozen_at": AT})
    for act in [*moves(firm, draft), lambda: start(firm, "facilities")]:
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "frozen"


def test_a_sample_that_was_rewritten_is_none_any_more(firm):
    original = cast.rubric(firm.campaign, firm.lines["order"], items=1)
    original.items.update(is_sample=True)
    Rubric.objects.update(is_sample=True)
    original.refresh_from_db()
    made = start(firm, copy_of=original)
    assert made.is_sample
    change(firm, made, "I01", points="9")
    assert not Rubric.objects.get(pk=made.pk).is_sample
