import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from campaign.models import Obligation, Participation, Phase
from campaign.obligations import Tally
from campaign.setup import create_campaign
from campaign.words import Scope
from organization.roles import Role
from portal.timeline import Scale, draw, look
from tests import cast
from tests.queries import queries_of

FIRST, LAST = date(2011, 9, 25), date(2011, 12, 31)
RECTIFY = cast.moment(2011, 11, 21, 10)


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def drawn(company):
    """Draw the cast's phases at a moment."""

    def at(moment):
        return draw(list(company.campaign.phases.all()), [], {}, at=moment)

    return at


def opened(client, person, campaign, at=RECTIFY):
    with time_machine.travel(at, tick=False):
        client.force_login(person)
        return client.get(reverse("timeline", args=[campaign.code]))


def text(response):
    return response.content.decode()


def number(share):
    return float(share.removesuffix("%"))


# To scale


def test_phases_are_as_long_as_their_days(drawn):
    picture = drawn(RECTIFY)
    assert picture.scale.days == 98
    days = [round(number(stretch.width) * 98 / 100, 1) for stretch in picture.stretches]
    assert days == [21, 15, 25, 3, 3]


def test_days_that_belong_to_no_phase_are_gaps(drawn):
    gaps = drawn(RECTIFY).gaps
    assert [(gap.days, gap.has_room) for gap in gaps] == [(1, False), (30, True)]
    assert number(gaps[1].x1) == pytest.approx(65 / 98 * 100, abs=0.01)
    assert number(gaps[1].x2) == pytest.approx(95 / 98 * 100, abs=0.01)


def test_today_stands_in_the_middle_of_its_day(drawn):
    assert number(drawn(RECTIFY).today) == pytest.approx(57.5 / 98 * 100, abs=0.01)


@pytest.mark.parametrize("moment", [cast.moment(2011, 9, 24, 23), cast.moment(2012, 1, 1)])
def test_outside_the_campaign_there_is_no_today(drawn, moment):
    assert drawn(moment).today == ""


def test_the_running_phase_alone_is_marked(drawn):
    bars = [stretch.bar for stretch in drawn(RECTIFY).stretches]
    assert bars == ["ph-done", "ph-done", "ph-now", "ph-next", "ph-next"]


def test_every_month_has_a_line(drawn):
    assert [month.word for month in drawn(RECTIFY).months] == ["9月", "10月", "11月", "12月"]


def test_a_name_without_room_becomes_a_number(drawn, company):
    company.campaign.phases.filter(code="self_check").update(
        name_en="Self-check and self-correction"
    )
    with translation.override("en"):
        labels = [stretch.label for stretch in drawn(RECTIFY).stretches]
    assert labels == ["Mobilisation", "2", "Rectification", "Inspection", "Summary"]


def test_a_campaign_without_phases_has_no_picture(company):
    assert draw([], [], {}, at=RECTIFY) is None


@given(st.dates(FIRST - timedelta(days=400), LAST + timedelta(days=400)))
def test_every_day_stays_in_the_picture(day):
    scale = Scale(FIRST, LAST)
    assert 0 <= scale.start_of(day) <= scale.middle_of(day) <= scale.end_of(day) <= 100


@given(st.dates(FIRST, LAST))
def test_a_day_is_as_wide_as_every_other(day):
    scale = Scale(FIRST, LAST)
    assert scale.end_of(day) - scale.start_of(day) == pytest.approx(100 / 98)


@pytest.mark.parametrize(
    ("tally", "mark"),
    [
        (Tally(total=3, done=3), "ok"),
        (Tally(total=3, done=2), "open"),
        (Tally(total=3, done=2, late=1), "late"),
        (Tally(total=3, waiting=3), "open"),
        (Tally(), "open"),
    ],
)
def test_a_milestone_is_late_as_soon_as_one_is_and_done_when_all_are(tally, mark):
    assert look(tally) == mark


# The page


def test_the_first_line_says_where_it_is_and_what_is_late(client, company):
    milestone = cast.milestone(company.campaign)
    for project in (company.one, company.two):
        cast.obligation(milestone, project=project)
    shown = opened(client, company.center, company.campaign)
    assert shown.context["answer"] == "整改预防还剩 4 天，1 个节点共 2 项逾期"
    assert f"{reverse('milestone', args=['c11', milestone.code])}?state=late" in text(shown)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (cast.moment(2011, 9, 24), "1 天后进入动员宣讲，没有逾期"),
        (cast.moment(2011, 11, 25, 23, 59), "整改预防今天最后一天，没有逾期"),
        (cast.moment(2011, 11, 26), "检查验收还剩 2 天，没有逾期"),
        (cast.moment(2011, 11, 29), "30 天后进入专项总结，没有逾期"),
        (cast.moment(2012, 1, 1), "各阶段都已走完，没有逾期"),
    ],
)
def test_the_first_line_on_other_days(client, company, moment, words):
    assert opened(client, company.center, company.campaign, moment).context["answer"] == words


def test_a_closed_campaign_says_so(client, company):
    company.campaign.closed_at = cast.NOW
    company.campaign.save()
    assert opened(client, company.center, company.campaign).context["answer"] == "已结束"


def test_each_milestone_leads_to_its_list_with_its_counts(client, company):
    milestone = cast.milestone(company.campaign)
    cast.obligation(milestone, project=company.one)
    done = cast.obligation(milestone, project=company.two)
    Obligation.objects.filter(pk=done.pk).update(submitted_at=RECTIFY, accepted_at=RECTIFY)
    shown = text(opened(client, company.center, company.campaign))
    assert f'href="{reverse("milestone", args=["c11", milestone.code])}"' in shown
    assert "完成 1" in shown and "逾期 1" in shown
    assert "2 个项目" in shown


def test_a_project_counts_its_own_alone(client, company):
    milestone = cast.milestone(company.campaign)
    cast.obligation(milestone, project=company.two)
    shown = opened(client, company.manager, company.campaign)
    assert shown.context["answer"] == "整改预防还剩 4 天，没有逾期"
    shown = opened(client, company.other_manager, company.campaign)
    assert shown.context["answer"] == "整改预防还剩 4 天，1 个节点共 1 项逾期"


def test_a_day_outside_its_phase_is_flagged(client, company):
    cast.milestone(company.campaign, "exam", phase="self_check", due=date(2011, 10, 31))
    assert "阶段后 1 天" in text(opened(client, company.center, company.campaign))


def test_score_sheets_stand_in_the_inspection_for_the_company(client, company):
    lacking = Participation.objects.get(campaign=company.campaign, project=company.two)
    lacking.lacks.add(company.lines["order"])
    shown = opened(client, company.center, company.campaign)
    assert shown.context["sheets"].tally == Tally(total=7)
    after = opened(client, company.center, company.campaign, cast.moment(2011, 11, 29))
    assert after.context["sheets"].tally == Tally(total=7, late=7)
    assert opened(client, company.manager, company.campaign).context["sheets"] is None


def test_who_takes_no_part_learns_nothing(client, company):
    three = cast.project("P03", "湖岸北里")
    stranger = cast.person("pm03", "邓志远", Role.PROJECT_MANAGER, project=three)
    assert opened(client, stranger, company.campaign).status_code == 404


def test_a_draft_is_drawn_without_counts_and_for_the_company_alone(client, company):
    draft = create_campaign(code="next", by="command", at=cast.NOW, year=2012)
    shown = opened(client, company.president, draft)
    assert text(shown).count('class="row-link"') == 13
    assert "天后进入动员宣讲" in shown.context["answer"]
    assert opened(client, company.manager, draft).status_code == 404


def test_a_campaign_without_phases_says_what_will_be_here(client, company):
    Phase.objects.filter(campaign=company.campaign).delete()
    shown = opened(client, company.center, company.campaign)
    assert "管理中心设定阶段和节点后" in text(shown)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_picture_has_no_comma_in_its_figures_and_no_inline_style(client, company, language):
    cast.milestone(company.campaign)
    client.cookies["django_language"] = language
    shown = text(opened(client, company.center, company.campaign))
    assert "style=" not in shown
    shares = re.findall(r' (?:x|x1|x2|width)="([^"]*%)"', shown)
    assert shares
    assert all(re.fullmatch(r"\d+(\.\d\d)?%", share) for share in shares)


def test_more_projects_ask_no_more_of_the_database(client, company, django_assert_num_queries):
    milestone = cast.milestone(company.campaign)
    cast.obligation(milestone, project=company.one)
    few = queries_of(lambda: opened(client, company.center, company.campaign))
    for number in range(20):
        cast.obligation(milestone, project=cast.project(f"N{number:02}", f"新{number}"))
    more = cast.milestone(company.campaign, "more", scope=Scope.COMPANY)
    cast.obligation(more)
    with django_assert_num_queries(few):
        assert "22 项逾期" in opened(client, company.center, company.campaign).context["answer"]
