"""A version as a document: complete in PDF and Word, in the reader's language, long or odd."""

import io

import pytest
from docx import Document

from inspections.plan.plans import file_plan, submit_plan
from tests.inspections.writing import AT, LATER, filed, line, plan_of, submitted
from tests.pdf import words

PLAN = "/c/c11/plans/P01/"
WORDS = (
    "品质提升实施方案", "锦澜府", "第 1 版", "陈立群", "周婷", "配电房缺少防小动物设施",
    "遗留问题", "设施设备", "加装挡鼠板", "马超", "秩序部 员工", "2011年11月20日", "管理中心",
)  # fmt: skip


def fetched(client, person, kind, number=1):
    client.force_login(person)
    return client.get(f"{PLAN}versions/{number}/{kind}/")


def in_word(response) -> str:
    document = Document(io.BytesIO(response.content))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    texts = [p.text for p in document.paragraphs]
    return "\n".join([*texts, *cells])


def flat(text: str) -> str:
    return "".join(text.split())


def test_word_says_all_that_the_plan_is(client, company):
    filed(company)
    text = in_word(fetched(client, company.manager, "word"))
    assert [word for word in WORDS if word not in text] == []


def test_pdf_says_the_same(client, company):
    filed(company)
    text = flat("".join(words(fetched(client, company.center, "pdf").content)))
    assert [word for word in WORDS if flat(word) not in text] == []


def test_a_due_date_outside_the_phase_is_marked(client, company):
    filed(company, line(company, due=company.campaign.phases.last().end))
    text = in_word(fetched(client, company.manager, "word"))
    assert "2011年12月31日 *" in text
    assert "其中 1 条的期限不在整改阶段内" in text


def test_the_center_s_remarks_stand_in_it(client, company):
    plan = submitted(company)
    said = {plan.findings.get().pk: "注意接地“线”"}
    file_plan(plan=plan, remarks=said, by=company.center, at=LATER)
    assert "第 1 条：注意接地“线”" in in_word(fetched(client, company.manager, "word"))


def test_one_that_waits_says_so(client, company):
    submitted(company)
    assert "等管理中心审核" in in_word(fetched(client, company.center, "word"))


def test_odd_characters_and_long_words_do_no_harm(client, company):
    odd = "🔥<b>“引号”</b>&\x0b" + "长" * 900
    plan = plan_of(company, line(company, problem=odd, measure=odd))
    submit_plan(plan=plan, by=company.manager, at=AT)
    assert "🔥<b>“引号”</b>&" in in_word(fetched(client, company.manager, "word"))
    assert fetched(client, company.manager, "pdf").content.startswith(b"%PDF-")


def test_it_reads_english_to_who_reads_english(client, company):
    filed(company)
    client.force_login(company.manager)
    client.cookies["django_language"] = "en"
    text = in_word(client.get(f"{PLAN}versions/1/word/"))
    assert "Facilities and equipment" in text and "20 Nov 2011" in text


@pytest.mark.parametrize("kind", ["pdf", "word"])
def test_a_stranger_and_a_version_that_is_not_there_get_nothing(client, company, kind):
    filed(company)
    assert fetched(client, company.other_manager, kind).status_code == 404
    assert fetched(client, company.manager, kind, 9).status_code == 404


def test_the_file_is_named_after_the_project(client, company):
    filed(company)
    name = fetched(client, company.manager, "word").headers["Content-Disposition"]
    assert name.startswith("attachment; filename*=utf-8''") and name.endswith(".docx")
