"""Imports under review, below the page: given up, interrupted, and what may not be published."""

import pytest

from organization.errors import Refused
from organization.files import FORMS, store_upload
from scoring import reviews
from scoring.forms import read_tables
from scoring.importing import read_form, tables_of
from scoring.models import Rubric, RubricImport
from scoring.rubrics import draft_rubric, publish_rubric, what_is_missing
from tests import cast
from tests.corpus import forms as corpus
from tests.scoring import excel

AT = cast.NOW


@pytest.fixture
def firm(db):
    return cast.company()


@pytest.fixture
def started(firm):
    """An import of the company's form, about to be confirmed."""
    stored = store_upload(upload=excel.upload(excel.SERVICE), by=firm.admin, at=AT, allow=FORMS)
    tables = tables_of(read_tables(excel.SERVICE))
    [made] = reviews.start_imports(
        campaign=firm.campaign, stored=stored, tables=tables, specialty=firm.lines["order"],
        by=firm.admin, at=AT,
    )  # fmt: skip
    return made


def test_an_import_that_is_being_written_is_not_given_up(started):
    stale = RubricImport.objects.get(pk=started.pk)
    reviews.ask_to_confirm(import_=started, at=AT, revision=0, publish=False, seen="")
    with pytest.raises(Refused) as refusal:
        reviews.discard_import(import_=stale)
    assert refusal.value.code == "busy"
    assert RubricImport.objects.filter(pk=started.pk).exists()


def test_an_import_that_was_dropped_meanwhile_is_refused(started, firm):
    reviews.discard_import(import_=RubricImport.objects.get(pk=started.pk))
    with pytest.raises(Refused) as refusal:
        reviews.ask_to_confirm(import_=started, at=AT, revision=0, publish=False, seen="")
    assert refusal.value.code == "dropped"


def test_an_import_that_breaks_off_is_open_again_and_says_so(started, firm):
    asked = reviews.ask_to_confirm(import_=started, at=AT, revision=0, publish=False, seen="")
    asked.source.file.storage.delete(asked.source.file.name)
    with pytest.raises(FileNotFoundError):
        reviews.confirm_asked(import_=asked, by=firm.admin, at=AT)
    asked.refresh_from_db()
    assert (asked.stage, asked.asked_at, asked.failure) == ("", None, "没有写成，请再试一次。")
    assert not Rubric.objects.exists()


def test_a_critical_requirement_without_a_price_keeps_a_rubric_from_being_published(firm):
    item = [*corpus.item(rule="无该项制度的，不得分"), "关键项：第1条缺失本表零分"]
    rows = corpus.form([item], header=[*corpus.HEADER, "备注"], total=5)
    understood = read_form(
        corpus.workbook(rows), campaign=firm.campaign, specialty=firm.lines["order"]
    )
    rubric = draft_rubric(
        campaign=firm.campaign, specialty=firm.lines["order"], understood=understood,
        by=firm.admin, at=AT,
    )  # fmt: skip
    assert ["关键项" in sentence for sentence in what_is_missing(rubric)] == [True]
    with pytest.raises(Refused, match="关键项"):
        publish_rubric(rubric=rubric, by=firm.admin, at=AT)


def test_a_rule_too_long_to_be_kept_is_an_error_and_not_cut(firm):
    rows = corpus.form([corpus.item(rule="视现场情况由检查人酌情处理" * 50)], total=5)
    understood = read_form(
        corpus.workbook(rows), campaign=firm.campaign, specialty=firm.lines["order"]
    )
    assert [each.code for each in understood.errors] == ["text_too_long"]
