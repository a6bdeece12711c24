"""How a score was made: who reads what of it, and that every figure leads to what made it."""

import json
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from campaign.models import Participation
from inspections.sheet import observations, sheets
from inspections.words import Outcome
from organization.models import User
from organization.roles import Role
from portal.explain.data import as_data
from portal.explain.reading import Explanation
from rewards.models import RewardRule, TeamReward
from rewards.settlement import approve_settlement, draw_up, submit_settlement
from scoring.models import Score, ScoreLine, Standing
from tests import cast
from tests.inspections import appealing, ruling
from tests.inspections.entering import AT, confirm_all, item, missing, opened
from tests.inspections.writing import picture
from tests.queries import queries_of

LATER = AT + timedelta(days=9)  # objections are over
RULES = {
    ("excellent", "project_manager"): 1000,
    ("excellent", "department_head"): 600,
    ("fail", "project_manager"): -500,
}


@pytest.fixture
def company(db):
    company = cast.company()
    RewardRule.objects.bulk_create(
        RewardRule(campaign=company.campaign, band=band, role=role, amount=amount)
        for (band, role), amount in RULES.items()
    )
    TeamReward.objects.create(campaign=company.campaign, lowest=96, amount=3000)
    return company


def url(company, project="P01"):
    return reverse("explain", args=[company.campaign.code, project])


@pytest.fixture
def read(company, client):
    def show(person="president", project="P01"):
        client.force_login(User.objects.get(pk=getattr(company, person).pk))
        answer = client.get(url(company, project))
        assert answer.status_code == 200
        return answer.content.decode()

    return show


def explained(company, project=None):
    return Explanation(company.campaign, project or company.one, at=LATER)


def finish(sheet, company, at=AT):
    confirm_all(sheet, company.auditor, at=at)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=at)
    return sheet


def finish_all(company, project=None, lost=("2", "2", "2", "2"), photos=False):
    for specialty in company.lines:
        sheet = opened(company, project=project, specialty=specialty)
        for number, points in enumerate(lost, 1):
            shots = [picture()] if photos else []
            missing(sheet, company.auditor, number=number, points=points, photos=shots)
        finish(sheet, company)


def settled(company, *, approved=True):
    drawn = draw_up(campaign=company.campaign, by=company.center, at=LATER)
    if approved:
        submit_settlement(settlement=drawn, by=company.center, at=LATER)
        net = sum(award.amount for award in drawn.awards.all())
        approve_settlement(settlement=drawn, total=net, by=company.president, at=LATER)
    return drawn


# --- who ------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["president", "executive", "center", "lead", "admin"])
def test_the_company_reads_every_projects(company, read, person):
    finish_all(company)
    assert "锦澜府：92.00 分" in read(person)


@pytest.mark.parametrize("person", ["manager", "head", "worker"])
def test_a_projects_people_read_their_own(company, read, person):
    finish_all(company)
    assert "锦澜府：92.00 分" in read(person)


def test_another_projects_does_not_exist_for_them(company, client):
    client.force_login(company.other_manager)
    assert client.get(url(company)).status_code == 404


def test_a_project_that_does_not_take_part_is_not_found(company, client):
    cast.project("P09", "外来项目")
    client.force_login(company.president)
    assert client.get(url(company, "P09")).status_code == 404


def test_a_covert_note_on_an_unfinished_sheet_stays_hidden_from_its_project(company, read):
    finish(opened(company), company)
    running = opened(company, specialty="order")
    missing(running, company.auditor, note="暗访见到脱岗")
    for person in ("manager", "center"):
        assert "暗访见到脱岗" not in read(person)
    assert running.get_absolute_url() not in read("manager")
    assert running.get_absolute_url() in read("center")


# --- amounts --------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["president", "executive", "center"])
def test_who_sees_the_settlement_sees_all_amounts(company, read, person):
    finish_all(company)
    settled(company, approved=False)
    page = read(person)
    assert "+¥1,600" in page
    assert "陈立群" in page
    assert reverse("settlement", args=[company.campaign.code]) in page


@pytest.mark.parametrize("person", ["lead", "admin", "manager", "head", "worker"])
def test_nobody_else_sees_an_amount_before_it_is_approved(company, read, person):
    finish_all(company)
    settled(company, approved=False)
    page = read(person)
    assert "¥" not in page
    assert "刘晓燕" not in page.split('class="chain')[1]


def test_once_approved_a_person_sees_the_own_amount_and_nobody_elses(company, read):
    finish_all(company)
    settled(company)
    page = read("head")
    assert "+¥600" in page
    assert "+¥1,000" not in page
    assert "陈立群" not in page.split('class="chain')[1]
    assert "¥" not in read("worker")
    assert "¥" not in read("lead")


def test_without_a_settlement_the_center_sees_what_the_rules_would_give(company, read):
    finish_all(company)
    page = read("center")
    assert "还没有生成结算" in page
    assert "+¥1,600" in page
    assert "96 分起，取整 92 分" in page


def test_several_posts_are_one_amount_at_the_highest(company, read):
    cast.post(company.manager, Role.DEPARTMENT_HEAD, project=company.one)
    finish_all(company)
    page = read("center")
    assert "另任部门主任，取最高" in page
    assert "+¥1,600" in page


def test_a_settlement_older_than_the_score_says_so(company, read):
    finish_all(company)
    settled(company, approved=False)
    assert "要重新生成" not in read("center")
    Standing.objects.filter(project=company.one).update(composite=Decimal("91.00"))
    assert "要重新生成" in read("center")


# --- what it says ---------------------------------------------------------------------------


def test_each_step_stands_with_its_sum(company, read):
    finish_all(company, lost=("0.7", "1.3", "0.9"))
    page = read()
    for words in (
        "25 − 0.7 = 24.3",
        "97.1 ÷ 100 × 30 = 29.13",
        "24.275 + 29.13 + 24.275 + 19.42 = 97.1",
        "97.10 → 97",
        "锦澜府团队",
        "96 分起，取整 97 分",
    ):
        assert words in page


def test_of_two_observations_the_larger_counts_and_both_stand(company, read):
    sheet = opened(company)
    missing(sheet, company.auditor, points="1.0", note="登记簿缺回访")
    later = AT + timedelta(hours=1)
    missing(sheet, company.center, points="1.5", note="住户说没有回访", at=later)
    finish(sheet, company, at=later)
    page = read()
    assert "max(1.0, 1.5) = 1.5" in page
    assert page.index("登记簿缺回访") < page.index("住户说没有回访")
    assert page.count("同一项不重复扣，不计") == 1


def test_what_was_withdrawn_is_there_and_does_not_count(company, read):
    sheet = opened(company)
    seen = missing(sheet, company.auditor, note="看错了")
    observations.withdraw(observation=seen, by=company.auditor, at=AT)
    finish(sheet, company)
    page = read()
    assert "看错了" in page
    assert "已撤回，不计" in page
    assert "100.0 / 100" in page


def test_an_item_stops_at_zero(company, read):
    sheet = opened(company, items=20)
    for line in range(1, 4):
        missing(sheet, company.auditor, line=line, points="2")
    finish(sheet, company)
    page = read()
    assert "max(0, 5 − 2.0 − 2.0 − 2.0) = 0.0" in page
    assert "本项已扣完" in page


def test_an_item_that_does_not_apply_leaves_with_its_reason(company, read):
    sheet = opened(company, items=3)
    missing(sheet, company.auditor, number=1, points="2")
    observations.mark_not_applicable(
        sheet=sheet, item=item(sheet, 3), reason="无备用发电机", by=company.auditor, at=AT
    )
    finish(sheet, company)
    page = read("manager")
    assert "无备用发电机" in page
    assert "（不适用）" in page
    assert "97.0000" not in page  # never a rounded figure in a sum
    assert explained(company).sheets[0].percent_words.endswith("…")


def test_a_specialty_that_is_not_there_leaves_with_its_weight(company, read):
    Participation.objects.get(project=company.one).lacks.add(company.lines["environment"])
    for specialty in ("customer_service", "facilities", "order"):
        finish(opened(company, specialty=specialty), company)
    page = read()
    assert "本项目没有该专业" in page
    assert "25 ÷ 80 × 100 = 31.25" in page


def test_an_unfinished_project_is_provisional_and_without_amounts(company, read):
    finish(opened(company), company)
    page = read("center")
    assert "暂列：评完所有评分表后才定等级。" in page
    assert "暂列的项目不计奖惩。" in page


def test_every_kind_of_rule_is_told(company):
    sheet = ruling.opened(company)
    note = partial(ruling.note, sheet, company.auditor)
    note("R01", rule=ruling.COUNTED, points="2", count=2)
    note("R01", rule=ruling.LOST)
    note("R01", rule=ruling.EXTRA, points="10")
    note("R02", rule=ruling.LEVELS, points="1")
    note("R04", line=2, points="1")
    finish(sheet, company)
    data = as_data(explained(company))
    (told,) = data["sheets"]
    items = {each["code"]: each for each in told["sections"][0]["items"]}
    assert items["R01"]["formula"] == "10 − 4.0 − 6.0 = 0.0"
    kinds = {cut["kind"]: cut for cut in items["R01"]["deductions"]}
    assert kinds["lose_item"]["points"] == "6"
    assert kinds["per_occurrence"]["observations"][0]["count"] == 2
    assert kinds["extra"]["observations"][0]["verdict"] == "uncounted"
    assert items["R02"]["kept"] == "1"
    assert told["capped"]
    assert told["kept"] == "88"


def test_a_missing_critical_requirement_zeroes_the_sheet(company, read):
    sheet = ruling.opened(company)
    ruling.note(sheet, company.auditor, "R04", line=1, points="1")
    finish(sheet, company)
    page = read()
    assert "关键项缺失，本表计零分" in page
    assert "0.0 / 100" in page


@pytest.mark.parametrize(
    ("outcome", "points", "words", "kept"),
    [
        (Outcome.REDUCED, "0.5", "25 − 0.5 = 24.5", "99.5"),
        (Outcome.WITHDRAWN, None, "申诉决定撤销扣分", "100"),
        (Outcome.KEPT, None, "25 − 1.5 = 23.5", "98.5"),
    ],
)
def test_an_appeal_replaces_what_was_seen(company, read, outcome, points, words, kept):
    found = appealing.made(company)
    assert found.get_absolute_url() in read()
    amount = None if points is None else Decimal(points)
    appealing.decided(company, found, outcome=outcome, points=amount)
    page = read("manager")
    assert words in page
    assert "由申诉决定取代，不计" in page
    assert "补交的记录属实。" in page
    assert found.get_absolute_url() in page
    told = explained(company)
    assert told.differences == []
    assert as_data(told)["sheets"][0]["kept"] == kept


# --- links ----------------------------------------------------------------------------------


def test_every_observation_leads_to_its_record_and_its_photo(company, client):
    sheet = opened(company)
    seen = missing(sheet, company.auditor, photos=[picture()])
    finish(sheet, company)
    client.force_login(company.manager)
    page = client.get(url(company)).content.decode()
    address = (
        f"{reverse('sheet_log', args=[company.campaign.code, sheet.pk])}?observation={seen.pk}"
    )
    assert f"{address}#o-{seen.pk}" in page
    assert f'id="o-{seen.pk}"' in client.get(address).content.decode()
    assert reverse("file", args=[seen.photos.get().file_id]) in page


def test_the_log_opens_on_the_page_of_the_observation(company, client, monkeypatch):
    sheet = opened(company)
    monkeypatch.setattr("inspections.sheet.log.PAGE_SIZE", 2)
    seen = [missing(sheet, company.auditor, line=line) for line in range(1, 5)]
    client.force_login(company.center)
    address = reverse("sheet_log", args=[company.campaign.code, sheet.pk])
    for each in seen:
        page = client.get(f"{address}?observation={each.pk}").content.decode()
        assert f'id="o-{each.pk}"' in page


def test_league_result_and_settlement_lead_here(company, client):
    finish_all(company)
    settled(company, approved=False)
    client.force_login(company.center)
    code = company.campaign.code
    for address in (
        reverse("league_row", args=[code, "P01"]),
        reverse("project_result", args=[code, "P01"]),
        reverse("settlement", args=[code]),
    ):
        assert f'href="{url(company)}"' in client.get(address).content.decode()


# --- records and results ----------------------------------------------------------------------


def test_what_was_entered_agrees_with_what_is_stored(company):
    finish_all(company, lost=("0.7", "1.3"))
    assert explained(company).differences == []


def test_a_sheet_that_the_campaign_does_not_weigh_agrees_as_well(company):
    finish_all(company)
    company.campaign.weights.filter(specialty__code="customer_service").delete()
    assert explained(company).differences == []
    Score.objects.update(kept=1)
    assert "sheet:customer_service" in [each.what for each in explained(company).differences]


@pytest.mark.parametrize(
    ("tamper", "what"),
    [
        (lambda: Score.objects.update(kept=100), "sheet:customer_service"),
        (lambda: ScoreLine.objects.update(points=1), "lines:customer_service"),
        (lambda: Standing.objects.update(composite=Decimal("99.99")), "composite"),
    ],
)
def test_a_result_that_the_records_do_not_give_is_told(company, read, tamper, what):
    finish_all(company)
    tamper()
    assert what in [each.what for each in explained(company).differences]
    assert "存下的成绩与检查记录对不上" in read()


# --- command ----------------------------------------------------------------------------------


def told(company, capsys, **options):
    call_command("explain", campaign=company.campaign.code, project="P01", **options)
    return capsys.readouterr().out


def test_the_command_gives_the_same_as_the_page(company, capsys):
    finish_all(company, lost=("0.7", "1.3", "0.9"))
    settled(company, approved=False)
    data = json.loads(told(company, capsys, format="json"))
    assert data["agrees"]
    assert data["composite"] == {
        "formula": "24.275 + 29.13 + 24.275 + 19.42 = 97.1",
        "sum": {"exact": "971/10", "decimal": "97.1"},
        "value": "97.10",
        "provisional": False,
    }
    assert data["band"]["code"] == "excellent"
    assert data["amounts"]["net"] == "4600"
    assert {each["role"]: each["amount"] for each in data["amounts"]["awards"]} == {
        "project_manager": "1000", "department_head": "600", "team": "3000",
    }  # fmt: skip
    text = told(company, capsys)
    assert "24.275 + 29.13 + 24.275 + 19.42 = 97.1 → 97.10" in text
    assert "+¥4,600" in text


def test_the_command_tells_of_a_project_without_anything(company, capsys):
    data = json.loads(told(company, capsys, format="json"))
    assert (data["sheets"], data["band"], data["composite"]["value"]) == ([], None, None)
    assert "还没有评完的评分表" in told(company, capsys)


@pytest.mark.parametrize("names", [("c11", "P99"), ("none", "P01")])
def test_the_command_names_what_it_does_not_find(company, names):
    with pytest.raises(CommandError, match=r"no (campaign|project)"):
        call_command("explain", campaign=names[0], project=names[1])


# --- what it costs ----------------------------------------------------------------------------


def test_the_page_asks_the_same_questions_for_few_and_for_many_observations(company, client):
    finish_all(company, lost=["0.5"], photos=True)
    for specialty in company.lines:
        sheet = opened(company, project=company.two, specialty=specialty)
        for number in range(1, 5):
            for line in range(1, 5):
                missing(sheet, company.auditor, number=number, line=line, photos=[picture()])
        finish(sheet, company)
    settled(company, approved=False)
    client.force_login(company.center)
    few, many = (
        queries_of(partial(client.get, url(company, project))) for project in ("P01", "P02")
    )
    assert few == many <= 36
