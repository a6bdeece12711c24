"""Who may bring lists in and take them out, and what the pages do with bad files."""

import io
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.urls import reverse

from organization.models import Post, Project, User
from rewards.models import RewardRule, TeamReward
from scoring.models import Band, Weight
from tests import cast
from tests.lists import address, exported, preview, upload, workbook

pytestmark = pytest.mark.django_db
LISTS = [Project, Post, User, Weight, Band, RewardRule, TeamReward]
INLINE = r"\sstyle=|\son\w+=|<style|<script(?![^>]*(src=|application/json))"
# Role -> what it may bring in; the administrator and the center may see all of them.
MAY_IMPORT = {"admin": set(LISTS), "center": {RewardRule, TeamReward}, "lead": set()}
MAY_EXPORT = {"admin": set(LISTS), "center": set(LISTS), "lead": {Weight, Band}}
GOOD = workbook(("项目编码", "项目名称"), ("P09", "星河广场"))


@pytest.fixture
def company():
    return cast.company()


@pytest.fixture
def admin(company, client):
    client.force_login(company.admin)
    return client


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("who", MAY_IMPORT)
def test_whoever_may_add_and_change_imports(company, client, who, model):
    client.force_login(getattr(company, who))
    expected = 200 if model in MAY_IMPORT[who] else 403
    assert client.get(address(model, "import")).status_code == expected
    # the writing is refused by itself, not only the way to it
    answer = client.post(address(model, "process_import"), {})
    assert answer.status_code == expected


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("who", MAY_EXPORT)
def test_whoever_may_see_exports(company, client, who, model):
    client.force_login(getattr(company, who))
    expected = 200 if model in MAY_EXPORT[who] else 403
    assert client.get(address(model, "export")).status_code == expected
    answer = client.post(address(model, "export"), {"resource": "0", "format": "0"})
    assert answer.status_code == expected


@pytest.mark.parametrize("who", [None, "manager", "worker"])
@pytest.mark.parametrize("what", ["import", "export"])
def test_strangers_are_sent_to_sign_in(company, client, who, what):
    if who:
        client.force_login(getattr(company, who))
    answer = client.get(address(Project, what))
    assert answer.status_code == 302 and "login" in answer.url


@pytest.mark.parametrize("data", [GOOD, workbook(("项目编码", "项目名称"), ("P09", ""))])
def test_the_pages_have_no_inline_script_or_style(admin, data):
    assert not re.search(INLINE, upload(admin, Project, data).content.decode())
    assert not re.search(INLINE, admin.get(address(Project, "import")).content.decode())


def test_a_preview_shows_names_as_text(admin):
    data = workbook(("项目编码", "项目名称"), ("P01", "<script>alert(1)</script>"))
    assert "<ins>&lt;script&gt;" in upload(admin, Project, data).content.decode()


def test_a_preview_that_was_confirmed_leads_back_to_the_form(admin):
    page = upload(admin, Project, GOOD).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    url = address(Project, "process_import")
    assert admin.post(url, fields).url == reverse("admin:organization_project_changelist")
    assert admin.post(url, fields).url == address(Project, "import")
    assert Project.objects.filter(code="P09").count() == 1


def test_what_was_fine_in_the_preview_may_be_refused_by_now(admin, company):
    data = workbook(("用户名", "角色", "项目编码"), ("emp01", "班长", "P02"))
    page = upload(admin, Post, data).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    User.objects.filter(username="emp01").update(username="emp99")
    answer = admin.post(address(Post, "process_import"), fields, follow=True)
    assert "没有用户名“emp01”" in answer.content.decode()
    assert not Post.objects.filter(project=company.two, user=company.worker).exists()


def test_no_other_file_is_read_in_its_place(admin, tmp_path):
    other = Path(tempfile.gettempdir()) / f"{tmp_path.name}.xlsx"
    other.write_bytes(GOOD)
    fields = {"import_file_name": other.name, "original_file_name": "x", "format": "0"}
    answer = admin.post(address(Project, "process_import"), fields)
    assert "重新上传" in answer.content.decode()
    assert not Project.objects.filter(code="P09").exists() and other.exists()
    other.unlink()


def test_a_refused_file_is_not_kept(admin):
    answer = upload(admin, Project, workbook(("项目编码", "项目名称"), ("P09", "")))
    kept = answer.context["form"].cleaned_data["import_file"].tmp_storage_name
    assert not Path(kept).exists()


def packed(**changed) -> bytes:
    """GOOD with some of its parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, changed.get(Path(name).stem, source.read(name)))
    return out.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "data",
    [packed(sheet1=b" " * 40_000_000), packed(sheet1=LAUGHS), packed(workbook=b"<a"), GOOD[:900]],
)
def test_a_file_that_would_hurt_is_answered_with_a_message(admin, data):
    [message] = preview(admin, Project, data).errors
    assert str(message)


def test_too_large_a_file_is_refused_beside_its_field(admin):
    answer = upload(admin, Project, b"x" * (20 * 1024 * 1024 + 1))
    assert answer.context["form"].errors["import_file"] == ["文件超过 20 MB。"]
    assert "result" not in answer.context


def test_projects_for_an_export_are_those_of_the_filter(admin, company):
    company.two.region = "锦江"
    company.two.save()
    url = address(Project, "export") + "?region__exact=锦江"
    data = admin.post(url, {"resource": "0", "format": "1"}).content.decode("utf-8-sig")
    assert "P02" in data and "P01" not in data
    assert "P01" in exported(admin, Project, "1").decode("utf-8-sig")
