"""The pages of signing: who may sign, what is kept when it fails, what the signed page says."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from inspections.models import Observation, ScoreSheet, SignOff
from inspections.signing.signed_page import address_of
from inspections.words import Outcome
from tests.inspections.appealing import contested_sheet, decided, made
from tests.inspections.entering import missing, opened, submitted
from tests.inspections.signing import SIGNED, WAVE, refusal, signed
from tests.pdf import codes, words
from tests.queries import queries_of

DRAWN = json.dumps(WAVE)


@pytest.fixture
def sheet(company):
    return contested_sheet(company)


@pytest.fixture
def see(company, client):
    """A page of a sheet as `person` gets it."""

    def answer(sheet, page="sheet_sign", person="auditor"):
        client.force_login(getattr(company, person))
        return client.get(reverse(page, args=[company.campaign.code, sheet.pk]))

    return answer


@pytest.fixture
def send(company, client, see):
    """What the form sends, with what the page showed."""

    def post(sheet, **fields):
        page = see(sheet)
        typed = {
            "seen": page.context["form"]["seen"].value(),
            "auditor_drawn": DRAWN,
            "who": company.manager.pk,
            "answer": "sign",
            "manager_drawn": DRAWN,
        }
        return client.post(page.request["PATH_INFO"], typed | fields)

    return post


def text(answer) -> str:
    return answer.content.decode()


# --- signing ---------------------------------------------------------------------------------


def test_the_page_says_what_is_signed(see, sheet):
    page = text(see(sheet))
    for each in ("98.50", "I01 项目1", "台账缺页", "−1.5", "98.5 / 100"):
        assert each in page


def test_both_sign(company, send, sheet, client):
    answer = send(sheet)
    assert answer.url == reverse("sheet_signed", args=[company.campaign.code, sheet.pk])
    found = SignOff.objects.get()
    assert (found.by, found.manager, found.refused) == (company.auditor, company.manager, False)
    assert text(client.get(answer.url)).count("<path d=") == 2


def test_the_project_refuses(company, send, sheet, client):
    answer = send(sheet, answer="refuse", reason="没有依据<b>", manager_drawn="")
    assert SignOff.objects.get().refused
    page = text(client.get(answer.url))
    assert "没有依据&lt;b&gt;" in page and "拒签" in page


def test_somebody_else_signs_for_the_project(send, sheet):
    send(sheet, who="other", name="周工", position="外包主管")
    assert SignOff.objects.get().manager_name == "周工"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"manager_drawn": ""}, "还没有签字"),
        ({"auditor_drawn": "{"}, "看不清或不完整"),
        ({"answer": "refuse", "reason": ""}, "为什么拒签"),
        ({"who": "999999"}, "项目方签字人"),
        ({"answer": "x"}, "项目方签字人"),
    ],
)
def test_what_is_refused_keeps_what_was_drawn_and_typed(send, sheet, fields, said):
    answer = send(sheet, **{"auditor_typed": "写了一半"} | fields)
    page = text(answer)
    assert (answer.status_code, said in page, "写了一半" in page) == (422, True, True)
    assert ("&quot;strokes&quot;" in page) and "data-as-sent" in page
    assert not SignOff.objects.exists()


def test_a_change_meanwhile_is_shown_and_nothing_drawn_is_lost(company, send, client):
    sheet = opened(company)
    seen = missing(sheet, company.auditor)
    answer = send(sheet, seen="")
    page = text(answer)
    assert (answer.status_code, page.count("&quot;strokes&quot;")) == (409, 2)
    assert answer.context["form"]["seen"].value() == see_again(client, answer)
    assert Observation.objects.get() == seen and not SignOff.objects.exists()


def see_again(client, answer) -> str:
    return client.get(answer.request["PATH_INFO"]).context["form"]["seen"].value()


# --- who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "sign", "look"),
    [
        ("auditor", 200, 200), ("center", 200, 200), ("president", 403, 200),
        ("manager", 403, 200), ("other_manager", 404, 404),
    ],
)  # fmt: skip
def test_who_may_have_it_signed_and_who_may_look(company, see, person, sign, look):
    sheet, other = contested_sheet(company), submitted(company, specialty="facilities")
    signed(company, other)
    assert see(sheet, person=person).status_code == sign
    assert see(other, "sheet_signed", person).status_code == look


def test_once_it_is_signed_the_door_leads_to_the_signed_page(company, see, sheet):
    assert see(sheet, "sheet_signed").status_code == 404
    signed(company, sheet)
    assert see(sheet).url == reverse("sheet_signed", args=[company.campaign.code, sheet.pk])


def test_the_sheet_says_that_it_is_not_signed_and_leads_there(company, see, sheet):
    door = reverse("sheet_sign", args=[company.campaign.code, sheet.pk])
    assert door in text(see(sheet, "sheet")) and "未签字" in text(see(sheet, "sheet"))
    assert door not in text(see(sheet, "sheet", "manager"))
    signed(company, sheet)
    page = text(see(sheet, "sheet"))
    assert door not in page and "双方已签字" in page


# --- as it was signed ------------------------------------------------------------------------


def test_the_signed_page_stays_as_it_was_and_says_what_came_later(company, see, sheet):
    signed(company, sheet)
    before = text(see(sheet, "sheet_signed", "manager"))
    assert "现在计" not in before
    decided(company, made(company, sheet), Outcome.WITHDRAWN, at=SIGNED + timedelta(hours=1))
    page = text(see(sheet, "sheet_signed", "manager"))
    assert "98.50" in page and "签字后决定了 1 件申诉。" in page and "现在计 100.0 分" in page


def test_the_paper_has_the_points_the_fingerprint_and_both_names(company, see, sheet):
    found = signed(company, sheet)
    paper = see(sheet, "sheet_signed_pdf").content
    said = "".join(words(paper))
    for each in ("98.5", "台账缺页", company.auditor.name, company.manager.name):
        assert each in said
    assert codes(paper) == [address_of(found.fingerprint)]


def test_the_code_leads_to_whether_it_is_on_record(company, client, sheet):
    found = signed(company, sheet)
    address = reverse("signed_print", args=[found.fingerprint])
    client.force_login(company.other_manager)
    page = text(client.get(address))
    assert "内容没有改动" in page and found.get_absolute_url() not in page and "98.5" not in page
    client.force_login(company.manager)
    assert found.get_absolute_url() in text(client.get(address))
    SignOff.objects.update(content="{}")
    assert "已被改动" in text(client.get(address))
    missing_one = client.get(reverse("signed_print", args=["0" * 64]))
    assert missing_one.status_code == 404 and "没有这个指纹" in text(missing_one)


# --- the list --------------------------------------------------------------------------------


@pytest.fixture
def listed(company, client):
    """Codes of the projects that the filter leaves."""

    def codes(**query):
        client.force_login(company.center)
        answer = client.get(reverse("sheets", args=[company.campaign.code]), query)
        return [part.project.code for part, _cells in answer.context["found"].rows], text(answer)

    return codes


def test_the_list_says_and_finds_what_is_signed(company, listed, sheet):
    two = submitted(company, project=company.two)
    signed(company, sheet)
    assert listed(signing="signed")[0] == [company.one.code]
    assert listed(signing="unsigned")[0] == [company.two.code]
    assert listed(signing="refused")[0] == []
    SignOff.objects.update(refused=True)
    assert listed(signing="refused")[0] == [company.one.code]
    assert "项目拒签" in listed()[1]
    assert ScoreSheet.objects.signed_as("unsigned").get() == two


def test_signed_ones_cost_the_list_no_question(company, listed, sheet):
    few = queries_of(listed)
    other = submitted(company, project=company.two)
    signed(company, sheet)
    signed(company, other, manager=refusal_of(company))
    assert queries_of(listed) == few


def refusal_of(company):
    asked = refusal(company)
    return type(asked)(asked.reason, type(asked.who)(person=company.other_manager))


def test_points_of_the_page_are_those_that_were_kept(company, see, sheet):
    signed(company, sheet)
    assert see(sheet, "sheet_signed").context["page"].what.kept == Decimal("98.5")
