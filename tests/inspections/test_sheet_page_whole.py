"""The sheet's page without scripts, its handing in, and what it costs."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from inspections.models import Observation
from inspections.sheet import observations
from inspections.sheet.outline import forget_outlines, wording
from organization.errors import Refused
from scoring.models import Requirement
from tests.inspections.entering import (
    AT,
    confirm_all,
    item,
    missing,
    opened,
    requirement,
)
from tests.inspections.tapping import JSON, entry_url, page_of, pieces, switch_on, tap
from tests.inspections.writing import picture


@pytest.fixture
def sheet(company):
    return opened(company)


@pytest.fixture
def auditing(company, client):
    client.force_login(company.auditor)
    return client


# --- without scripts --------------------------------------------------------------------------


def test_without_scripts_a_form_leads_back_to_its_item(sheet, auditing):
    answer = auditing.post(entry_url(sheet), switch_on(sheet))
    assert answer.url == f"{sheet.get_absolute_url()}?item=I01#I01"


def test_without_scripts_what_was_typed_stays_beside_the_error(sheet, auditing):
    answer = auditing.post(entry_url(sheet), switch_on(sheet, points="9", note="写了很多"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "写了很多" in page
    assert 'value="9"' in page
    assert "扣分应在 0.5–2.0 分之间" in page


def test_without_scripts_a_refused_reason_stays(company, sheet, auditing):
    missing(sheet, company.center)
    fields = {"do": "not_applicable", "item": item(sheet, 2).pk, "note": "长" * 1001}
    page = auditing.post(entry_url(sheet), fields).content.decode()
    assert "长" * 1001 in page
    assert "最多 1000 个字" in page


def test_without_scripts_a_picture_that_is_none_is_said_at_its_row(sheet, auditing):
    bad = picture()
    bad.file.truncate(40)
    page = auditing.post(entry_url(sheet), switch_on(sheet, photos=bad)).content.decode()
    assert "图片损坏" in page
    assert not Observation.objects.exists()


# --- handing in -------------------------------------------------------------------------------


def hand_in(client, sheet):
    return client.post(reverse("sheet_submit", args=[sheet.campaign.code, sheet.pk]))


def test_a_sheet_is_refused_with_the_names_of_what_nobody_looked_at(company, sheet, auditing):
    observations.confirm(sheet=sheet, items=[item(sheet, 1)], by=company.auditor, at=AT)
    answer = hand_in(auditing, sheet)
    assert answer.status_code == 422
    assert "还有 3 项没有评：I02 项目2、I03 项目3、I04 项目4" in answer.content.decode()


def test_a_complete_sheet_is_handed_in_and_read_only(company, sheet, auditing):
    confirm_all(sheet, company.auditor)
    assert hand_in(auditing, sheet).url == sheet.get_absolute_url()
    assert 'role="switch"' not in page_of(auditing, sheet)
    assert tap(auditing, sheet, **switch_on(sheet)).json()["code"] == "submitted"


def test_readers_do_not_hand_in(company, sheet, client):
    confirm_all(sheet, company.auditor)
    client.force_login(company.president)
    assert hand_in(client, sheet).status_code == 403
    sheet.refresh_from_db()
    assert sheet.submitted_at is None


def test_out_of_phase_is_flagged_on_the_page(sheet, auditing):
    assert "不在检查验收阶段" in page_of(auditing, sheet)


# --- what it costs ----------------------------------------------------------------------------


def queries(client, *args, **kwargs):
    with CaptureQueriesContext(connection) as asked:
        answer = (
            client.get(*args, **kwargs) if "data" not in kwargs else client.post(*args, **kwargs)
        )
    assert answer.status_code == 200
    return len(asked)


def test_the_page_asks_the_same_questions_for_a_long_full_sheet(company, auditing):
    short, long = opened(company), opened(company, specialty="order", items=25, sections=5)
    for number in range(1, 21):
        missing(long, company.auditor, number=number, photos=[picture()])
        missing(long, company.center, number=number, line=2)
    missing(short, company.auditor, photos=[picture()])
    missing(short, company.center, number=2, note="积水")
    missing(long, company.center, number=21, note="积水")
    page_of(auditing, short), page_of(auditing, long)
    asked = [queries(auditing, each.get_absolute_url()) for each in (short, long)]
    assert asked[0] == asked[1] <= 10  # names among the phrases included


def test_a_tap_asks_the_same_questions_on_a_long_full_sheet(company, auditing):
    short, long = opened(company), opened(company, specialty="order", items=25)
    for number in range(3, 21):
        missing(long, company.center, number=number)
    asked = []
    for each in (short, long):
        missing(each, company.auditor)
        page_of(auditing, each)  # the session remembers the campaign
        asked.append(queries(auditing, entry_url(each), data=switch_on(each, 2), headers=JSON))
    assert asked[0] == asked[1] <= 13


def ids_of(page):
    """What is named on a page; nothing twice."""
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    return set(ids)


def test_ids_of_parts_are_unique_and_there(company, auditing, sheet):
    built = ids_of(page_of(auditing, sheet, f"?item={item(sheet).code}"))
    # of rows that wait, the scripts name the places
    waiting = ids_of(page_of(auditing, sheet)) | {
        f"sum-{requirement(sheet).pk}",
        f"seen-{requirement(sheet).pk}",
    }
    parts = pieces(tap(auditing, sheet, **switch_on(sheet)))
    assert parts.keys() <= built
    assert parts.keys() <= waiting


def ids_of_forms(page):
    return re.findall(r'name="id" value="([^"]+)"', page)


def test_forms_of_a_page_share_their_ids_but_for_the_end_and_no_two_are_the_same(auditing, sheet):
    pages = [ids_of_forms(page_of(auditing, sheet)) for _ in range(2)]
    together = [id for page in pages for id in page]
    assert len(together) == len(set(together)) > 10
    assert [len({id[:-4] for id in page}) for page in pages] == [1, 1]
    assert all(uuid.UUID(id).version == 4 for id in together)


def test_frozen_results_refuse_a_tap_with_a_sentence(company, sheet, auditing):
    from scoring.opening import freeze

    freeze(campaign=company.campaign, by=company.president, at=AT)
    answer = tap(auditing, sheet, **switch_on(sheet))
    assert (answer.status_code, answer.json()["code"]) == (422, "frozen")
    with pytest.raises(Refused):
        missing(sheet, company.auditor)


def test_items_without_a_section_stand_under_a_name(sheet, auditing):
    sheet.rubric.sections.update(name_zh_hans="", name_en="", name="")
    forget_outlines()
    page = page_of(auditing, sheet)
    assert "未分类" in page
    assert "“”" not in page


def test_a_rubrics_words_are_ready_in_each_language_and_escaped(sheet):
    item = sheet.rubric.items.first()
    sheet.rubric.items.update(name="卫<生", name_zh_hans="卫<生", name_en="Clean<er")
    forget_outlines()
    said = {}
    for language in ("zh-hans", "en", "zh-hans"):
        with override(language):
            said[language] = wording(sheet.rubric_id).names[item.pk]
    assert said == {"zh-hans": "卫&lt;生", "en": "Clean&lt;er"}


# --- what is drawn once for all sheets of a rubric ----------------------------------------------


def test_words_with_braces_and_marks_stay_words_on_every_sheet_and_forms_are_its_own(
    company, sheet, auditing
):
    words = "{entry}{0}<b>&"
    sheet.rubric.items.update(name=words, name_zh_hans=words)
    lines = Requirement.objects.filter(item__rubric=sheet.rubric)
    lines.update(text=words, text_zh_hans=words)
    forget_outlines()
    other = opened(company, project=company.two)
    pages = page_of(auditing, sheet), page_of(auditing, other)
    shown = "{entry}{0}&lt;b&gt;&amp;"
    assert [page.count(shown) for page in pages] == [pages[0].count(shown)] * 2
    assert pages[0].count(shown) > 10
    assert "<b>&" not in pages[0] + pages[1]
    for page, own in zip(pages, (sheet, other), strict=True):
        sent_to = set(re.findall(r'action="([^"#]*)/entry/#I', page))
        assert sent_to == {own.get_absolute_url().rstrip("/")}


def test_a_card_says_how_it_stands_on_each_sheet_for_each_reader(company, sheet, auditing):
    fresh = page_of(auditing, sheet)
    confirm_all(sheet, company.auditor)
    mine = page_of(auditing, sheet)
    auditing.force_login(company.center)
    theirs = page_of(auditing, sheet)
    assert ["撤销“符合”" in page for page in (fresh, mine, theirs)] == [False, True, False]
    assert ["1 条记录" in page for page in (fresh, mine, theirs)] == [False, True, True]
    assert "1 条记录" not in page_of(auditing, opened(company, project=company.two))
