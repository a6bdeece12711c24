"""Filled company forms: read by section and name, submitted as a whole, named when they are bad."""

import io
import json
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from campaign.models import Campaign
from inspections.models import ImportedForm, Observation, ScoreSheet
from inspections.sheet.filled_forms import BadForm, import_filled_form
from inspections.words import Method, ObservationKind
from organization.models import HistoryEntry
from scoring.importing import read_form
from scoring.rubrics import draft_rubric, publish_rubric
from tests.inspections.entering import AT, missing, opened, score_of, standing_of

FORM = Path(__file__).parents[2] / "fixtures" / "forms" / "form-customer-service.xlsx"
ROWS = range(3, 22)  # the form's 19 items
NAMES, POINTS, SCORE, REMARK = "B", "D", "E", "G"


@pytest.fixture
def audit(company):
    """The plan's customer service rubric, published as it stands in the company's form."""
    about = {"campaign": company.campaign, "specialty": company.lines["customer_service"]}
    understood = read_form(FORM, **about)
    rubric = draft_rubric(**about, understood=understood, by=company.admin, at=AT, source=None)
    publish_rubric(rubric=rubric, by=company.admin, at=AT)
    return company


@pytest.fixture
def fill(tmp_path):
    """Writes a filled form: full points but for `cells`; gives its path."""

    def make(name="P01_customer_service.xlsx", **cells):
        book = openpyxl.load_workbook(FORM)
        page = book.active
        for row in ROWS:
            page[f"{SCORE}{row}"] = page[f"{POINTS}{row}"].value
        page[f"{REMARK}2"] = "备注"
        for cell, value in cells.items():
            page[cell] = value
        book.save(tmp_path / name)
        return tmp_path / name

    return make


def take(company, file, auditor=None, **options):
    return import_filled_form(
        file=file, campaign=company.campaign, auditor=auditor or company.auditor, at=AT, **options
    )


def faults(company, file, **options):
    with pytest.raises(BadForm) as refusal:
        take(company, file, **options)
    assert not Observation.objects.exists()
    return refusal.value.faults


def run(company, path, *, auditor="auditor", **options):
    """The command's results, and whether it ended well."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(
            "import_score_sheets", str(path), campaign=company.campaign.code, auditor=auditor,
            format="json", stdout=out, stderr=err, **options,
        )  # fmt: skip
    except CommandError:
        return json.loads(out.getvalue()), False
    return json.loads(out.getvalue()), True


def test_a_form_with_full_points_is_a_submitted_sheet_of_100(audit, fill):
    done = take(audit, fill())
    assert done.sheet.submitted_at == AT
    assert (score_of(done.sheet).kept, score_of(done.sheet).possible) == (100, 100)
    assert standing_of(done.sheet).scores == {"customer_service": "100.00"}


def test_what_an_item_lost_is_one_observation_on_the_item(audit, fill):
    sheet = take(audit, fill(E3=3.25, G3="制度牌缺 2 块")).sheet
    seen = Observation.objects.get(sheet=sheet, kind=ObservationKind.MISSING)
    assert (seen.item.name, seen.requirement, seen.points) == ("制度建设", None, Decimal("1.75"))
    assert (seen.note, seen.method, seen.by) == ("制度牌缺 2 块", Method.OPEN, audit.auditor)
    assert score_of(sheet).kept == Decimal("98.25")


def test_an_item_that_kept_nothing_lost_all_of_it(audit, fill):
    sheet = take(audit, fill(E5=0)).sheet
    assert score_of(sheet).lines.get().points == 10


def test_not_applicable_leaves_the_points_possible(audit, fill):
    sheet = take(audit, fill(E14="不适用", G14="商场无住宅社区")).sheet
    seen = Observation.objects.get(sheet=sheet, kind=ObservationKind.NOT_APPLICABLE)
    assert (seen.note, score_of(sheet).possible) == ("商场无住宅社区", 95)


def test_without_a_remark_the_observation_says_where_it_is_from(audit, fill):
    sheet = take(audit, fill(E3=4, E14="不适用")).sheet
    assert set(sheet.observations.values_list("note", flat=True)) == {"表格导入"}


def test_every_item_counts_as_looked_at(audit, fill):
    sheet = take(audit, fill(E3=4)).sheet
    assert (sheet.looked_at, sheet.item_count) == (19, 19)


def test_the_method_is_the_one_asked_for(audit, fill):
    sheet = take(audit, fill(E3=4), method=Method.COVERT).sheet
    assert sheet.observations.get(kind=ObservationKind.MISSING).method == Method.COVERT


def test_an_empty_cell_is_an_error_with_its_address(audit, fill):
    (fault,) = faults(audit, fill(E7=None))
    assert (fault.sheet, fault.cell) == ("客户服务督导评分细则", "E7")
    assert "计划管理" in fault.message


@pytest.mark.parametrize("value", [5.5, -1, "很好", "=5"])
def test_a_score_that_cannot_be_is_an_error_with_its_address(audit, fill, value):
    assert [fault.cell for fault in faults(audit, fill(E7=value))] == ["E7"]


def test_an_item_that_the_rubric_does_not_have_is_named_with_the_one_that_is_absent(audit, fill):
    unknown, absent = faults(audit, fill(B7="别的项目"))
    assert (unknown.cell, "别的项目" in unknown.message) == ("B7", True)
    assert "计划管理" in absent.message


def test_items_match_by_their_section_too(audit, fill):
    assert any(fault.cell == "B3" for fault in faults(audit, fill(A3="外部管理")))


def test_points_other_than_the_rubrics_are_an_error(audit, fill):
    first, second = faults(audit, fill(D7=6, E7=6, D8=4, E8=4))
    assert (first.cell, second.cell) == ("B7", "B8")
    assert "6 分，评分细则是 5 分" in first.message


@pytest.mark.parametrize(
    "name", ["P01.xlsx", "P01-customer_service.xlsx", "P99_customer_service.xlsx", "P01_legal.xlsx"]
)
def test_a_name_that_says_no_project_or_specialty_is_refused(audit, fill, name):
    assert len(faults(audit, fill(name))) == 1


def test_a_file_of_another_kind_is_refused(audit, fill):
    file = fill().rename(fill().with_suffix(".xls"))
    assert "xlsx" in faults(audit, file)[0].message


def test_a_broken_file_is_refused(audit, tmp_path):
    file = tmp_path / "P01_customer_service.xlsx"
    file.write_bytes(b"not a workbook")
    assert len(faults(audit, file)) == 1


def test_a_specialty_without_a_published_rubric_is_refused(audit, fill):
    with pytest.raises(Exception, match="还没有发布评分细则"):
        take(audit, fill("P01_order.xlsx"))


@pytest.mark.parametrize("person", ["manager", "president", "admin", "executive"])
def test_only_an_auditors_forms_are_taken(audit, fill, person):
    assert len(faults(audit, fill(), auditor=getattr(audit, person))) == 1


def test_a_lead_brings_forms_of_the_own_specialty(audit, fill):
    assert take(audit, fill(), auditor=audit.lead).fresh


def test_the_same_file_again_changes_nothing(audit, fill):
    file = fill(E3=4)
    first = take(audit, file)
    before = Observation.objects.count(), HistoryEntry.objects.count()
    again = take(audit, file)
    assert (again.fresh, again.sheet) == (False, first.sheet)
    assert (Observation.objects.count(), HistoryEntry.objects.count()) == before


def test_another_file_for_a_submitted_sheet_is_refused(audit, fill):
    sheet = take(audit, fill(E3=4)).sheet
    with pytest.raises(BadForm, match="已经提交"):
        take(audit, fill(E3=3))
    assert score_of(sheet).kept == 99


def test_a_sheet_that_somebody_is_filling_is_left_alone(audit, fill):
    sheet = opened(audit)
    missing(sheet, audit.auditor)
    with pytest.raises(BadForm, match="已经有人在评"):
        take(audit, fill())
    assert Observation.objects.count() == 1


def test_an_opened_sheet_that_nobody_touched_is_filled(audit, fill):
    sheet = opened(audit)
    assert take(audit, fill()).sheet == sheet


def test_a_refused_file_does_not_even_open_the_sheet(audit, fill):
    faults(audit, fill(E7=None))
    assert not ScoreSheet.objects.exists()


# --- the command -----------------------------------------------------------------------------


def test_a_bad_file_in_a_folder_stops_none_of_the_good_ones(audit, fill):
    folder = fill().parent
    fill("P02_customer_service.xlsx", E7=None)
    fill("P03_customer_service.xlsx")
    results, ended_well = run(audit, folder)
    assert not ended_well
    assert [(row["file"], row["result"]) for row in results] == [
        ("P01_customer_service.xlsx", "imported"),
        ("P02_customer_service.xlsx", "refused"),
        ("P03_customer_service.xlsx", "refused"),
    ]
    assert results[1]["errors"][0]["cell"] == "E7"
    assert ScoreSheet.objects.submitted().get().project == audit.one


def test_figures_are_strings_as_they_are_shown(audit, fill):
    (row,), ended_well = run(audit, fill(E3=3.5, E14="不适用"))
    assert ended_well
    assert (row["kept"], row["possible"], row["score"]) == ("93.5", "95.0", "98.42")
    assert (row["project"], row["specialty"]) == ("P01", "customer_service")


def test_running_it_twice_ends_well_and_says_unchanged(audit, fill):
    file = fill()
    run(audit, file)
    (row,), ended_well = run(audit, file)
    assert (row["result"], ended_well, ImportedForm.objects.count()) == ("unchanged", True, 1)


def test_excels_lock_files_and_hidden_ones_are_passed_over(audit, fill):
    folder = fill().parent
    for name in ("~$P01_customer_service.xlsx", ".DS_Store", "Thumbs.db"):
        (folder / name).write_bytes(b"x")
    results, ended_well = run(audit, folder)
    assert ([row["result"] for row in results], ended_well) == (["imported"], True)


def test_what_is_no_form_is_named(audit, fill):
    folder = fill().parent
    shutil.copy(FORM, folder / "说明.docx")
    results, ended_well = run(audit, folder)
    assert (results[-1]["file"], results[-1]["result"], ended_well) == (
        "说明.docx",
        "refused",
        False,
    )


@pytest.mark.parametrize(
    "wrong", [{"campaign": "nothing"}, {"auditor": "nobody"}, {"path": "/no/such/folder"}]
)
def test_the_command_says_what_it_does_not_know(audit, fill, wrong):
    options = {"campaign": audit.campaign.code, "auditor": "auditor", "path": fill()} | wrong
    path = options.pop("path")
    with pytest.raises(CommandError):
        call_command("import_score_sheets", str(path), **options, stdout=io.StringIO())
    assert not ScoreSheet.objects.exists()


def test_weights_that_do_not_add_up_keep_a_form_out(audit, fill):
    audit.campaign.weights.first().delete()
    (row,), ended_well = run(audit, fill())
    assert (ended_well, row["result"], "100" in row["errors"][0]["message"]) == (
        False,
        "refused",
        True,
    )
    assert Campaign.objects.get().sheets.count() == 0
