"""Words used before for a requirement, offered with the next note on it."""

import pytest

from inspections.sheet import observations
from inspections.sheet.phrases import forget_phrases, listed, phrases
from inspections.sheet.sheets import submit_sheet
from scoring.models import Requirement
from tests.inspections.entering import AT, confirm_all, missing, opened, requirement
from tests.queries import queries_of


@pytest.fixture
def sheet(company):
    return opened(company)


def of(company, sheet, number=1, line=1):
    return phrases(sheet.rubric, company.auditor).get(str(requirement(sheet, number, line).pk), [])


def test_the_most_used_come_first_and_only_for_their_requirement(company, sheet):
    for by, note in [("auditor", "地面有水"), ("center", "灯不亮"), ("lead", "灯不亮")]:
        missing(sheet, getattr(company, by), note=note)
    missing(sheet, company.auditor, line=2, note="没有台账")
    assert of(company, sheet) == ["灯不亮", "地面有水"]
    assert of(company, sheet, line=2) == ["没有台账"]
    assert listed(sheet.rubric, company.auditor) == ["灯不亮", "地面有水", "没有台账"]


def test_three_are_enough_and_long_ones_are_no_phrases(company, sheet):
    for word in ("一层有水", "二层有水", "三层有水", "四层有水", "长" * 41):
        missing(sheet, company.auditor, note=word)
    assert len(of(company, sheet)) == 3
    assert "长" * 41 not in listed(sheet.rubric, company.auditor)


@pytest.mark.parametrize(
    "note", ["业主电话 13800000000", "1203 室漏水", "李女士投诉", "{name}不会操作"]
)
def test_what_is_about_a_person_or_a_home_is_not_offered(company, sheet, note):
    missing(sheet, company.auditor, note=note.format(name=company.worker.name))
    assert phrases(sheet.rubric, company.auditor) == {}


def test_what_was_taken_back_is_not_offered(company, sheet):
    seen = missing(sheet, company.auditor, note="灯不亮")
    observations.withdraw(observation=seen, by=company.auditor, at=seen.recorded_at)
    assert of(company, sheet) == []


def test_a_requirement_of_another_version_is_found_by_its_text(company, sheet):
    missing(sheet, company.auditor, line=1, note="灯不亮")
    first, second = (requirement(sheet, 1, line).pk for line in (1, 2))
    texts = dict(
        Requirement.objects.filter(pk__in=[first, second]).values_list("pk", "text_zh_hans")
    )
    Requirement.objects.filter(pk=first).update(text_zh_hans=texts[second])
    assert list(phrases(sheet.rubric, company.auditor)) == [str(second)]


def test_only_who_fills_a_sheet_gets_them_and_they_cost_the_same_for_many(company, sheet, client):
    missing(sheet, company.center, note="地面有水")
    client.force_login(company.auditor)
    page = sheet.get_absolute_url()
    assert 'id="phrases"' in client.get(page).content.decode()
    few = queries_of(lambda: phrases(sheet.rubric, company.auditor))
    for number in (2, 3, 4):
        missing(sheet, company.center, number=number, note=f"灯不亮{number}")
    assert queries_of(lambda: phrases(sheet.rubric, company.auditor)) == few
    client.force_login(company.president)
    assert 'id="phrases"' not in client.get(page).content.decode()


def test_a_project_gets_the_words_of_sheets_that_it_may_see(company, sheet):
    missing(sheet, company.auditor, note="灯不亮")
    confirm_all(sheet, company.auditor)
    assert listed(sheet.rubric, company.manager) == []
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    forget_phrases()  # what is offered may be five minutes old
    assert listed(sheet.rubric, company.manager) == ["灯不亮"]
    assert listed(sheet.rubric, company.other_manager) == []
