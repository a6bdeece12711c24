"""Notices in Word and PDF: what they say, who gets which, and by which template."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from organization.models import Project
from organization.roles import Role
from rewards.documents.notices import person_notices, project_notices
from rewards.models import Adjustment, Award
from rewards.snapshots import address_of
from tests import cast
from tests.pdf import codes, words
from tests.queries import queries_of

NOTICES = "/c/c11/notices/"
MANAGER, PROJECT = f"{NOTICES}people/pm01/", f"{NOTICES}projects/P01/"


def fetched(client, person, address):
    client.force_login(person)
    return client.get(address)


def in_word(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def flat(data: bytes) -> str:
    return "".join("".join(words(data)).split())


def test_a_person_s_says_what_they_get_and_why(client, scored, approved):
    text = in_word(fetched(client, scored.manager, f"{MANAGER}word/").content)
    for word in ("陈立群", "锦澜府", "项目经理", "96.01", "优秀", "合计：+¥1,000", "赵明远"):
        assert word in text
    assert approved.fingerprint in text and "{" not in text


@pytest.mark.system("pango")
def test_the_pdf_says_the_same_with_a_code_to_check_it(client, scored, approved):
    data = fetched(client, scored.manager, f"{MANAGER}pdf/").content
    text = flat(data)
    for word in (
        "奖惩通知书",
        "陈立群",
        "锦澜府",
        "96.01",
        "优秀",
        "+¥1,000",
        approved.fingerprint,
    ):
        assert word in text
    assert codes(data) == [address_of(approved.fingerprint)]


def test_a_project_s_says_its_place_scores_and_people(client, scored, approved):
    text = in_word(fetched(client, scored.manager, f"{PROJECT}word/").content)
    for word in ("在 2 个项目中名列第 1", "锦澜府团队", "刘晓燕", "+¥3,000", "合计：+¥4,600"):
        assert word in text


def test_a_line_added_by_hand_stands_in_both(scored, drawn):
    Adjustment.objects.create(
        settlement=drawn, project=scored.one, person=scored.worker, amount=-50, reason="迟报",
        made_at=scored.at,
    )  # fmt: skip
    drawn.approved_at = scored.at
    (own,) = person_notices(drawn, scored.worker)
    assert own.values["lines"][0]["note"] == "迟报" and own.values["total"] == "−¥50"
    (project,) = project_notices(drawn, scored.one)
    assert project.values["lines"][-1]["post"] == "人工调整"


def test_the_code_is_a_picture_in_word(client, scored, approved):
    document = Document(io.BytesIO(fetched(client, scored.manager, f"{MANAGER}word/").content))
    assert len(document.inline_shapes) == 1
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"


def test_names_are_no_fields_and_no_marks(client, scored, approved):
    Project.objects.filter(pk=scored.one.pk).update(name="{{ 7*7 }}<b>&\x0b")
    text = in_word(fetched(client, scored.manager, f"{PROJECT}word/").content)
    assert "{{ 7*7 }}<b>&" in text


def test_it_reads_english_to_who_reads_english(client, scored, approved):
    client.cookies["django_language"] = "en"
    text = in_word(fetched(client, scored.manager, f"{MANAGER}word/").content)
    assert "Excellent" in text and "Project manager" in text and "Total: +¥1,000" in text


# --- who gets which ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "own", "project"),
    [
        ("manager", 200, 200), ("center", 200, 200), ("executive", 200, 200),
        ("president", 200, 200), ("head", 404, 403), ("worker", 404, 403),
        ("other_manager", 404, 403), ("lead", 404, 403), ("admin", 404, 403),
    ],
)  # fmt: skip
def test_one_s_own_a_manager_s_project_and_all_for_the_center(
    client, scored, approved, who, own, project
):
    person = getattr(scored, who)
    assert fetched(client, person, f"{MANAGER}word/").status_code == own
    assert client.get(f"{PROJECT}word/").status_code == project


def test_a_stranger_learns_nothing(client, scored, approved):
    guest = cast.person("guest", "外人", Role.EMPLOYEE, project=cast.project("Z9", "别处"))
    assert {fetched(client, guest, each).status_code for each in (NOTICES, f"{PROJECT}pdf/")} == {
        404
    }


@pytest.mark.parametrize("address", [f"{MANAGER}word/", f"{PROJECT}word/", f"{NOTICES}person.zip"])
def test_before_the_approval_there_is_none(client, scored, drawn, address):
    assert fetched(client, scored.center, address).status_code == 404


def test_who_has_no_line_has_no_notice(client, scored, approved):
    address = f"{NOTICES}people/emp01/word/"
    assert fetched(client, scored.worker, address).status_code == 404


def test_the_center_takes_all_of_them_at_once(client, scored, approved):
    data = fetched(client, scored.center, f"{NOTICES}person.zip").content
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert names == ["head01-刘晓燕通知书.docx", "pm01-陈立群通知书.docx", "pm02-彭海燕通知书.docx"]
    projects = zipfile.ZipFile(io.BytesIO(client.get(f"{NOTICES}project.zip").content))
    assert "翠屏苑" in in_word(projects.read("P02-翠屏苑通知书.docx"))


def test_nobody_else_takes_all(client, scored, approved):
    assert fetched(client, scored.manager, f"{NOTICES}person.zip").status_code == 403


# --- the page ------------------------------------------------------------------------------


def test_the_page_offers_what_one_may_have(client, scored, approved):
    seen = {
        who: fetched(client, getattr(scored, who), NOTICES).content.decode()
        for who in ("manager", "head", "worker", "center")
    }
    assert f"{MANAGER}pdf/" in seen["manager"] and f"{PROJECT}pdf/" in seen["manager"]
    assert "people/head01/" in seen["head"] and PROJECT not in seen["head"]
    assert "没有给您的通知书" in seen["worker"]
    assert "people/pm02/" in seen["center"] and "person.zip" in seen["center"]


def test_the_center_finds_a_project(client, scored, approved):
    client.force_login(scored.center)
    page = client.get(NOTICES, {"q": "翠屏"}).content.decode()
    assert "people/pm02/" in page and "people/pm01/" not in page


def test_before_the_approval_the_page_says_when(client, scored, drawn):
    assert "还没有通知书" in fetched(client, scored.manager, NOTICES).content.decode()


def test_everything_asks_as_often_for_many_people(client, scored, approved):
    def costs():
        asked = (NOTICES, f"{NOTICES}person.zip", f"{NOTICES}project.zip")
        client.force_login(scored.center)
        return [queries_of(lambda address=address: client.get(address)) for address in asked]

    few = costs()
    for number in range(2):
        more = cast.project(f"M{number}", f"项目{number}")
        scored.campaign.participations.create(project=more)
        scored.campaign.standings.create(
            project=more, composite=92, provisional=False, updated_at=scored.at
        )
        person = cast.person(f"m{number}", f"经理{number}", Role.PROJECT_MANAGER, project=more)
        Award.objects.create(
            settlement=approved, project=more, person=person, role=Role.PROJECT_MANAGER,
            band="excellent", composite=92, amount=1000,
        )  # fmt: skip
    assert costs() == few
