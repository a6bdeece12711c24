"""import_rubric, standings and rebuild_results: shapes, exit codes, what they leave alone."""

import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from organization.models import HistoryEntry, StoredFile
from scoring.models import Rubric, Standing
from scoring.opening import freeze
from scoring.rubrics import load_rubric
from scoring.template import rubric_data
from tests import cast
from tests.corpus.formats import docx, table, text, xls
from tests.corpus.forms import form, item, workbook
from tests.scoring import excel


@pytest.fixture
def held(db):
    return cast.company()


@pytest.fixture
def run(held, capsys):
    """Run import_rubric with JSON: its data, exit code and messages."""

    def command(file, specialty="customer_service", *options, campaign=None):
        code = 0
        try:
            call_command(
                "import_rubric", str(file), f"--campaign={campaign or held.campaign.code}",
                f"--specialty={specialty}", "--format=json", *options,
            )  # fmt: skip
        except SystemExit as end:
            code = end.code
        output = capsys.readouterr()
        return json.loads(output.out), code, output.err

    return command


@pytest.fixture
def book(tmp_path):
    def write(data: bytes):
        path = tmp_path / "form.xlsx"
        path.write_bytes(data)
        return path

    return write


# --- import_rubric -------------------------------------------------------------------------


def test_the_companys_form_comes_out_whole(run):
    data, code, _messages = run(excel.SERVICE)
    assert code == 0
    assert data.keys() == {"total", "weight_percent", "complete", "items", "errors", "warnings"}
    assert (data["total"], data["weight_percent"], data["complete"]) == ("100", "25", True)
    assert (len(data["items"]), data["errors"], data["warnings"]) == (19, [], [])
    assert data["items"][0] == {
        "code": "CS01", "section": "内部管理", "name": "制度建设", "points": "5",
        "deduct_min": "0.5", "deduct_max": "2",
        "requirements": [
            "内部管理制度完善并上墙公示", "公共制度归档及时、管理规范",
            "公共制度更新及时，无作废制度仍在运行", "各类制度统一纳入项目部门档案资料管理",
        ],
        "rules": [{
            "kind": "range", "text": "每缺一项扣0.5-2分", "min": "0.5", "max": "2",
            "levels": [], "each_requirement": True,
        }],
    }  # fmt: skip


def test_it_becomes_a_draft_on_record_with_its_file(run):
    run(excel.SERVICE)
    draft = Rubric.objects.get()
    assert (draft.published_at, draft.source.name) == (None, "form-customer-service.xlsx")
    assert HistoryEntry.objects.get(verb="draft_rubric").by_label == "command"


def test_what_is_incomplete_is_no_error(run):
    data, code, messages = run(excel.FACILITIES, "facilities")
    assert (code, data["complete"], data["total"], data["errors"]) == (0, False, "20", [])
    assert data["items"][6]["points"] is data["items"][6]["deduct_min"] is None
    place = {"file": "form-facilities.xlsx", "sheet": "设施设备维护督导评分细则", "cell": "D9"}
    assert place.items() <= data["warnings"][0].items()
    assert "D9" in messages
    assert Rubric.objects.drafts().count() == 1


def test_what_is_incomplete_cannot_be_published(run):
    data, code, _messages = run(excel.FACILITIES, "facilities", "--publish")
    assert (code, data["complete"], len(data["errors"])) == (1, False, 1)
    assert "FA07" in data["errors"][0]["message"]
    assert not Rubric.objects.exists()


def test_a_complete_form_is_published(run):
    _data, code, _messages = run(excel.SERVICE, "customer_service", "--publish")
    assert code == 0
    assert Rubric.objects.current().get().published_at


@pytest.mark.parametrize("options", [["--check"], ["--check", "--publish"]])
def test_a_check_writes_nothing(run, options):
    data, code, _messages = run(excel.SERVICE, "customer_service", *options)
    assert (code, data["complete"]) == (0, True)
    assert not Rubric.objects.exists()
    assert not StoredFile.objects.exists()
    assert not HistoryEntry.objects.exists()


def test_an_error_names_sheet_and_cell_and_writes_nothing(run, book):
    data, code, messages = run(book(excel.book(excel.item(points=-5))))
    assert code == 1
    assert (data["errors"][0]["sheet"], data["errors"][0]["cell"]) == ("评分表", "D3")
    assert "D3" in messages
    assert not Rubric.objects.exists()


def test_a_fixed_amount_has_equal_ends(run, book):
    data, _code, _messages = run(book(excel.book(excel.item(rule="每缺一项扣0.5分"))))
    assert (data["items"][0]["deduct_min"], data["items"][0]["deduct_max"]) == ("0.5", "0.5")


@pytest.mark.parametrize(
    ("file", "specialty", "campaign"),
    [
        ("nowhere.xlsx", "customer_service", None),
        (excel.SERVICE, "gardens", None),
        (excel.SERVICE, "customer_service", "nowhere"),
        (__file__, "customer_service", None),
    ],
)
def test_what_is_not_there_or_no_workbook_is_an_error_in_json_too(run, file, specialty, campaign):
    data, code, messages = run(file, specialty, campaign=campaign)
    assert (code, len(data["errors"]), data["items"]) == (1, 1, [])
    assert (data["total"], data["complete"]) == (None, False)
    assert messages


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("form.xls", xls(form())),
        ("form.csv", text(form(), encoding="gb18030")),
        ("form.docx", docx(table(form()))),
    ],
)
def test_a_form_of_every_format_becomes_a_draft_with_its_file(run, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    data, code, _messages = run(tmp_path / name)
    assert (code, data["errors"], len(data["items"])) == (0, [], 2)
    assert Rubric.objects.get().source.name == name
    with Rubric.objects.get().source.file.open("rb") as kept:
        assert kept.read() == content


def test_several_tables_need_the_number_of_one(run, book):
    path = book(workbook(form(), more={"设施设备": form([item("水泵")], total=5)}))
    data, code, messages = run(path)
    assert (code, data["items"]) == (1, [])
    assert "1 评分表、2 设施设备" in messages
    data, code, _messages = run(path, "facilities", "--table=2")
    assert (code, [entry["name"] for entry in data["items"]]) == (0, ["水泵"])
    data, code, _messages = run(path, "facilities", "--table=3")
    assert (code, Rubric.objects.count()) == (1, 1)


def test_hidden_rows_come_in_when_they_are_wanted(run, book):
    path = book(workbook(form(total=None), hidden_rows=[4]))
    data, _code, messages = run(path, "facilities", "--check")
    assert len(data["items"]) == 1
    assert "form.xlsx 评分表 A4: " in messages
    data, _code, _messages = run(path, "facilities", "--check", "--with-hidden")
    assert len(data["items"]) == 2


def test_a_file_that_may_not_be_kept_is_an_error_and_leaves_nothing(run, settings):
    settings.UPLOAD_MAX_BYTES = 1024
    data, code, _messages = run(excel.SERVICE)
    assert (code, len(data["errors"])) == (1, 1)
    assert not Rubric.objects.exists()


def test_codes_stay_those_of_the_published_rubric(run, held):
    load_rubric(
        campaign=held.campaign, specialty=held.lines["facilities"], by="command", at=cast.NOW,
        data=rubric_data("facilities"),
    )  # fmt: skip
    data, _code, _messages = run(excel.FACILITIES, "facilities", "--check")
    assert (data["items"][2]["code"], data["items"][2]["name"]) == ("FA03", "备用应急发电机")


def test_people_read_a_line_an_item(held, capsys):
    call_command(
        "import_rubric", str(excel.SERVICE), f"--campaign={held.campaign.code}",
        "--specialty=customer_service", "--check",
    )  # fmt: skip
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "CS01\t内部管理\t制度建设\t5\t0.5\t2\t4"
    assert lines[-1] == "total\t100"


# --- standings -----------------------------------------------------------------------------


def test_standings_are_printed_with_the_figures_shown(firm, record, capsys):
    for code, points in (("customer_service", "90.5"), ("order", "91"), ("environment", "90")):
        record(code, points)
    record("facilities", "86.8", "96")
    record("order", "70", project=firm.two)
    call_command("standings", f"--campaign={firm.campaign.code}", "--format=json")
    assert json.loads(capsys.readouterr().out) == [
        {"project": "P01", "composite": "90.50", "band": "excellent", "rank": 1,
         "provisional": False,
         "scores": {"customer_service": "90.50", "facilities": "90.42", "order": "91.00",
                    "environment": "90.00"}},
        {"project": "P02", "composite": "70.00", "band": None, "rank": None,
         "provisional": True, "scores": {"order": "70.00"}},
    ]  # fmt: skip


def test_standings_of_nobody_scored_have_no_composite(firm, capsys):
    call_command("standings", f"--campaign={firm.campaign.code}", "--format=json")
    first, _second = json.loads(capsys.readouterr().out)
    assert (first["composite"], first["provisional"], first["scores"]) == (None, True, {})


def test_standings_for_people_are_a_line_a_project(firm, record, capsys):
    record("order", "70")
    call_command("standings", f"--campaign={firm.campaign.code}")
    assert capsys.readouterr().out.splitlines()[0] == "-\tP01\t70.00\t-\torder=70.00"


@pytest.mark.parametrize("command", ["standings", "rebuild_results"])
def test_an_unknown_campaign_is_refused(db, command):
    with pytest.raises(CommandError, match="nowhere"):
        call_command(command, "--campaign=nowhere")


# --- rebuild_results -----------------------------------------------------------------------


def test_a_rebuild_says_how_much_it_changed(held, capsys):
    Standing.objects.filter(project=held.one).update(composite=Decimal(1), provisional=False)
    call_command("rebuild_results", f"--campaign={held.campaign.code}")
    assert capsys.readouterr().out == "1\n"
    assert Standing.objects.get(project=held.one).composite is None


def test_frozen_results_are_not_rebuilt(held):
    freeze(campaign=held.campaign, by=held.president, at=cast.NOW)
    with pytest.raises(CommandError, match="结算已批准"):
        call_command("rebuild_results", f"--campaign={held.campaign.code}")
