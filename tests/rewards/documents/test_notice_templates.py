"""The company's own template: taken in only when it can be used, shown, used, given up again."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml

from organization.models import HistoryEntry
from organization.qr import qr_png
from rewards.documents.notice_default import default_template
from rewards.documents.notice_pdf import html_of
from rewards.documents.notice_word import check_template, filled
from rewards.models import NoticeTemplate
from rewards.notice_templates import sample
from tests.pdf import words

PAGE = "/notice-templates/"
OURS = f"{PAGE}person/zh-hans/"
CHECKED = "{{ 指纹 }} {{ 二维码 }}"
TEXT_BOX = (
    '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent><w:p><w:r>'
    "<w:t>红头</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
)


def document(*paragraphs: str) -> bytes:
    made, out = Document(), io.BytesIO()
    for each in paragraphs:
        made.add_paragraph(each)
    made.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def upload(client, data: bytes, name="模板.docx", address=OURS):
    return client.post(f"{address}replace/", {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def admin(client, scored):
    client.force_login(scored.admin)
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", ["person", "project"])
def test_what_ships_passes_its_own_check(kind, language):
    check_template(default_template(kind, language), kind=kind, language=language)


def test_the_company_s_own_is_used(admin, scored, approved):
    upload(admin, document("公司红头文件 {{ 姓名 }} 得 {{ total }}", CHECKED))
    admin.force_login(scored.manager)
    data = admin.get("/c/c11/notices/people/pm01/word/").content
    assert Document(io.BytesIO(data)).paragraphs[0].text == "公司红头文件 陈立群 得 +¥1,000"


def test_a_language_without_one_keeps_the_default(admin, scored, approved):
    upload(admin, document("公司红头文件", CHECKED))
    admin.force_login(scored.manager)
    admin.cookies["django_language"] = "en"
    data = admin.get("/c/c11/notices/people/pm01/word/").content
    assert "Notice of reward" in Document(io.BytesIO(data)).paragraphs[0].text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (document("{{ 工资 }} {{ salary }}", CHECKED), "没有这些字段：salary、工资"),
        (document("{{ 项目.密码 }}", CHECKED), "没有这些字段"),
        (document("{{ 姓名 }}"), "缺少字段：指纹、二维码"),
        (document("{{ 姓名", CHECKED), "写法有误"),
        (document("{% if 姓名 %}", CHECKED), "写法有误"),
        (document("{{ 姓名.__class__.__mro__ }}", CHECKED), "没有这些字段"),
        (document("{{ 7 * 7 }}", CHECKED), "只能有字段"),
        (document("{% for n in range(9) %}{% endfor %}", CHECKED), "只能有字段"),
        (document("{% set x = 姓名 %}", CHECKED), "只能有字段"),
        (with_part(document(CHECKED), "word/vbaProject.bin"), "不能带宏"),
        (with_part(document(CHECKED), "word/embeddings/oleObject1.bin"), "嵌入的对象"),
        (
            with_part(
                document(CHECKED),
                "word/_rels/settings.xml.rels",
                b'<Relationships><Relationship Type="x/attachedTemplate" TargetMode="External"/>',
            ),
            "外部链接",
        ),
        (b"%PDF-1.4", ".docx"),
        (b"PK\x03\x04 broken", ".docx"),
        (b"", "空文件"),
        (b"x" * (2 * 2**20 + 1), "2 MB"),
    ],
)
def test_a_file_that_is_no_template_is_refused_with_the_reason(admin, data, reason):
    answer = upload(admin, data)
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert not NoticeTemplate.objects.exists()


def test_one_that_unpacks_without_end_is_refused_unopened(admin):
    bomb = io.BytesIO(document(CHECKED))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/x.xml", b"0" * (21 * 2**20))
    assert "展开后太大" in upload(admin, bomb.getvalue()).content.decode()


def test_text_boxes_are_remarked_upon_since_the_pdf_has_none(admin):
    made, out = Document(), io.BytesIO()
    run = made.add_paragraph(CHECKED).add_run()
    run._r.append(parse_xml(TEXT_BOX))
    made.save(out)
    said = "模板里有文本框"
    assert said not in admin.get(PAGE).content.decode()
    upload(admin, out.getvalue())
    assert admin.get(PAGE).content.decode().count(said) == 1
    upload(admin, document(CHECKED))
    assert said not in admin.get(PAGE).content.decode()


def test_no_file_at_all_is_said_so(admin):
    answer = admin.post(f"{OURS}replace/")
    assert answer.status_code == 422 and "请选择文件" in answer.content.decode()


def test_back_to_the_default_and_all_of_it_on_record(admin):
    upload(admin, document(CHECKED))
    assert "模板.docx" in admin.get(PAGE).content.decode()
    admin.post(f"{OURS}restore/")
    assert "模板.docx" not in admin.get(PAGE).content.decode()
    verbs = HistoryEntry.objects.filter(verb__endswith="notice_template").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "replace_notice_template", "restore_notice_template",
    ]  # fmt: skip


def test_the_template_in_use_and_the_default_are_there_to_take(admin):
    mine = document("我们的", CHECKED)
    upload(admin, mine)
    assert admin.get(f"{OURS}current.docx").content == mine
    default = admin.get(f"{OURS}default.docx").content
    assert "奖惩通知书" in Document(io.BytesIO(default)).paragraphs[0].text


@pytest.mark.system("pango")
@pytest.mark.parametrize("kind", ["person", "project"])
def test_a_preview_shows_made_up_values(admin, kind):
    text = "".join("".join(words(admin.get(f"{PAGE}{kind}/en/preview/").content)).split())
    assert "示例项目" in text and "+¥1,200" in text


@pytest.mark.parametrize("who", ["center", "president", "manager", "lead"])
def test_templates_are_the_administrator_s(client, scored, who):
    client.force_login(getattr(scored, who))
    assert client.get(PAGE).status_code == 403
    assert upload(client, document(CHECKED)).status_code == 403
    assert client.get(f"{OURS}preview/").status_code == 403


@pytest.mark.parametrize("address", ["elsewhere/zh-hans/", "person/fr/"])
def test_there_are_no_others(admin, address):
    assert admin.get(f"{PAGE}{address}preview/").status_code == 404


def test_the_pdf_is_drawn_as_word_shows_it():
    made, out = Document(), io.BytesIO()
    made.sections[0].header.paragraphs[0].text = "公司抬头"
    right = made.add_paragraph("右边 <b>")
    right.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    right.add_run("重点").bold = True
    table = made.add_table(rows=1, cols=3, style="Table Grid")
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
    made.add_paragraph("{{ code }}")
    made.save(out)
    word = filled(out.getvalue(), sample("person"), code=qr_png("https://example.test/"))
    html = html_of(word, "zh-hans")
    assert '<div class="head"><p>公司抬头</p></div>' in html
    assert '<p class="right">右边 &lt;b&gt;<b>重点</b></p>' in html
    assert 'colspan="2"' in html and 'src="data:image/png;base64,' in html
