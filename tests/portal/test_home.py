"""My work: what each role sees first, in which order, and how often it asks the database."""

from datetime import date, timedelta

import pytest
import time_machine

from campaign.models import Obligation
from inspections.case.cases import spread
from inspections.finding.extensions import ask_extension
from inspections.models import Finding
from organization.models import User
from organization.roles import Role
from rewards.models import Settlement
from scoring.models import Standing
from tests import cast

# A Wednesday of the rectification phase, so that the week has days on both sides.
NOW = cast.moment(2011, 11, 23, 10)
TODAY = date(2011, 11, 23)


@pytest.fixture
def company(db):
    with time_machine.travel(NOW, tick=False):
        yield cast.company()


@pytest.fixture
def see(client, company):
    """The text of somebody's first page."""

    def see(person, address="/"):
        client.force_login(person)
        return client.get(address).content.decode()

    return see


@pytest.fixture
def owe(company):
    """An obligation of the first project (or who is named), due in so many days."""
    codes = iter(range(1000))

    def owe(days, *, title="召开动员会", approver="", evidence=("minutes",), **subject):
        milestone = cast.milestone(
            company.campaign,
            f"m{next(codes)}",
            due=TODAY + timedelta(days=days),
            approver=approver,
            evidence=evidence,
        )
        milestone.title_zh_hans = title
        milestone.save()
        return cast.obligation(milestone, **subject or {"project": company.one})

    return owe


@pytest.fixture
def find(company):
    def find(days, problem="灯不亮", *, project=None, responsible=None, **facts):
        return Finding.objects.create(
            campaign=company.campaign,
            project=project or company.one,
            problem=problem,
            source="audit",
            specialty=company.lines["order"],
            measure="更换",
            responsible=responsible or company.worker,
            due=TODAY + timedelta(days=days),
            created_at=NOW,
            opened_at=NOW - timedelta(days=20),
            **facts,
        )

    return find


def order_of(page, *texts):
    places = [page.index(text) for text in texts]
    return places == sorted(places)


# --- the answer, groups, first thing -----------------------------------------------------


def test_the_first_line_says_what_is_overdue_and_due_today(see, company, owe, find):
    owe(-2)
    find(0)
    find(0)
    page = see(company.manager)
    assert "<h1>1 项已逾期，2 项今天到期</h1>" in page
    assert "我的工作 · 11月23日 周三" in page


@pytest.mark.parametrize(
    ("days", "answer"), [(-1, "1 项已逾期"), (0, "1 项今天到期"), (1, "今天没有到期的事")]
)
def test_the_first_line_leaves_out_what_is_not(see, company, owe, days, answer):
    owe(days)
    assert f"<h1>{answer}</h1>" in see(company.manager)


def test_rows_stand_under_overdue_today_this_week_and_later_by_their_day(see, company, owe, find):
    find(9, "下周的")
    owe(4, title="周日的")
    find(0, "今天的")
    owe(-3, title="逾期的")
    page = see(company.manager)
    assert order_of(
        page, "已逾期 <small>1", "逾期的", "今天 <small>1", "今天的",
        "本周 <small>1", "周日的", "以后 <small>1", "下周的",
    )  # fmt: skip


def test_the_most_urgent_stands_out_as_the_first_thing_to_do(see, company, owe, find):
    owe(0, title="今天的")
    find(-5, "最急的", responsible=company.manager)
    page = see(company.manager)
    first = page[page.index("先做这一件") : page.index("</h3>")]
    assert "最急的" in first
    assert page.count("最急的") == 2  # its title and, for readers of the screen, its button


def test_a_row_names_thing_project_day_state_and_one_button(see, company, find, owe):
    owe(-1)
    finding = find(0, "电梯机房温度超限")
    page = see(company.manager)
    row = page[page.index('<li class="row-link">') :]
    for text in (
        "电梯机房温度超限",
        "问题整改 · 锦澜府 · 秩序维护 · 责任人 马超",
        "11月23日 周三",
        "今天到期",
        "看进展",
        f"/c/c11/findings/{finding.pk}/",
    ):
        assert text in row


def test_a_returned_one_says_why_and_asks_for_more(see, company, owe):
    obligation = owe(1)
    obligation.returned_at, obligation.return_reason = NOW, "缺 2 人签字"
    obligation.save()
    page = see(company.manager)
    assert "节点 · 锦澜府 · 退回：缺 2 人签字" in page
    assert "补正" in page


def test_the_improvement_plan_is_written_on_its_own_page(see, company, owe):
    owe(1, evidence=("improvement_plan",))
    assert 'href="/c/c11/plans/P01/"' in see(company.manager)


def test_a_reopened_finding_says_why(see, company, find):
    find(3, reopened_at=NOW, reopen_reason="照片看不清")
    assert "重开：照片看不清" in see(company.worker)


# --- whose work it is --------------------------------------------------------------------


def test_the_responsible_person_sees_only_the_own_findings(see, company, find, owe):
    owe(0)
    find(0, "我的")
    find(0, "别人的", responsible=company.head)
    page = see(company.worker)
    assert "我的" in page
    assert "<h1>1 项今天到期</h1>" in page
    assert ">整改<" in page


def test_another_projects_work_is_not_mine(see, company, find, owe):
    owe(0, project=company.two)
    find(0, project=company.two, responsible=company.other_manager)
    assert "<h1>今天没有到期的事</h1>" in see(company.manager)


def test_work_of_a_campaign_that_ended_is_over(see, company, owe, find):
    owe(-1)
    find(-1)
    company.campaign.closed_at = NOW
    company.campaign.save()
    assert "<h1>今天没有到期的事</h1>" in see(company.manager)


def test_a_specialty_lead_sees_obligations_sheets_and_what_to_verify(see, company, owe, find):
    owe(-1, title="组织考试", specialty=company.lines["customer_service"])
    owe(-1, title="别的专业", specialty=company.lines["order"])
    verify = find(0, rectified_at=NOW - timedelta(hours=3))
    verify.specialty = company.lines["customer_service"]
    verify.save()
    page = see(company.lead)
    assert "<h1>1 项已逾期</h1>" in page
    assert order_of(page, "组织考试", "1 个问题待验证", "客户服务评分表", "已提交 0 / 2")
    assert "别的专业" not in page
    assert "设施设备评分表" not in page


def test_the_center_sees_what_waits_for_it_before_its_own(see, company, owe, find):
    owe(-1, title="公司的任务", **company_itself())
    waiting = owe(2)
    waiting.submitted_at, waiting.submitted_by = NOW - timedelta(days=2), company.manager
    waiting.save()
    find(0, rectified_at=NOW - timedelta(hours=3))
    page = see(company.center)
    # the third is the gate of the phase that they belong to
    assert "<h1>3 项等您处理</h1>" in page
    assert '<p class="head-sub">1 项已逾期</p>' in page
    assert order_of(page, "动员宣讲的关卡", "1 项任务待审核", "1 个问题待验证", "公司的任务")
    assert "/c/c11/review/?show=obligations" in page
    assert "已等 2 天" in page


def test_the_center_sees_how_many_projects_are_not_scored_to_the_end(see, company):
    Standing.objects.filter(project=company.two).update(provisional=False, composite=91)
    page = see(company.center)
    assert order_of(page, "检查验收评分", "1 个项目还没评完", "11月28日 周一")
    assert 'href="/c/c11/sheets/"' in page
    Standing.objects.update(provisional=False)
    assert "检查验收评分" not in see(company.center)


def company_itself():
    return {"project": None, "specialty": None}


def test_nobody_reviews_the_own_work(see, company, owe):
    mine = owe(2)
    mine.submitted_at, mine.submitted_by = NOW, company.center
    mine.save()
    assert "待审核</a>" not in see(company.center)
    assert "1 项任务待审核" in see(company.auditor)


def test_the_president_sees_campaigns_settlements_and_policies_to_approve(see, company, owe):
    coming = cast.campaign("c12", started=False)
    coming.submitted_at = NOW - timedelta(days=1)
    coming.save()
    Settlement.objects.create(
        campaign=company.campaign, posts_as_of=NOW, drawn_up_at=NOW, submitted_at=NOW
    )
    policy = owe(2, approver=Role.PRESIDENT, **company_itself())
    policy.submitted_at, policy.submitted_by = NOW - timedelta(days=3), company.center
    policy.save()
    page = see(company.president)
    assert "<h1>3 项等您处理</h1>" in page
    assert order_of(page, "1 项任务待审核", 'href="/c/c12/"', "奖惩结算 ·")


def test_executives_see_what_waits_for_the_president_and_the_ranking(see, company):
    Settlement.objects.create(
        campaign=company.campaign, posts_as_of=NOW, drawn_up_at=NOW, submitted_at=NOW
    )
    page = see(company.executive)
    assert "<h1>今天没有到期的事</h1>" in page
    assert order_of(page, "等待他人", "奖惩结算", "待批准", "总经理")
    assert 'href="/c/c11/league/"' in page
    assert "<b>0</b> / 2 个项目已评完" in page


def test_an_administrator_sees_what_the_next_campaign_lacks_and_rubric_drafts(see, company):
    cast.campaign("c12", started=False)
    rubric = cast.rubric(company.campaign, company.lines["facilities"], published=False)
    page = see(company.admin)
    assert 'href="/c/c12/"' in page
    assert "权重" in page
    assert f'href="/c/c11/rubrics/{rubric.pk}/"' in page


@pytest.mark.parametrize(
    "username",
    ["president", "exec", "center", "lead-service", "admin", "pm01", "head01", "emp01"],
)
def test_every_role_without_any_work_is_told_what_will_come(see, company, username):
    company.campaign.phases.all().delete()
    company.campaign.weights.all().delete()
    company.campaign.standings.all().delete()
    page = see(User.objects.get(username=username))
    assert "<h1>今天没有到期的事</h1>" in page
    assert "没有要做的事" in page


def test_somebody_without_a_post_or_a_campaign_is_told_how_it_starts(see, company):
    page = see(User.objects.create(username="new", name="新人"))
    assert "您还没有岗位" in page


def test_signed_out_it_asks_to_sign_in(client, db):
    assert client.get("/").url == "/accounts/login/?next=/"


# --- waiting, done, beside ---------------------------------------------------------------


def test_what_i_sent_waits_for_others_the_longest_first(see, company, owe, find):
    find(0, "整改好的", rectified_at=NOW - timedelta(days=1))
    sent = owe(2, title="交上去的")
    sent.submitted_at = NOW - timedelta(days=4)
    sent.save()
    page = see(company.manager, "/?tab=waiting")
    assert order_of(page, "交上去的", "已等 4 天", "整改好的", "已等 1 天")
    assert "管理中心" in page


def test_what_is_done_is_one_tap_away_newest_first(see, company, owe, find):
    done = owe(-20, title="早通过的")
    done.submitted_at = done.accepted_at = NOW - timedelta(days=21)
    done.save()
    find(-9, "刚验证的", rectified_at=NOW - timedelta(days=10), verified_at=NOW)
    page = see(company.manager, "/?tab=done")
    assert order_of(page, "刚验证的", "早通过的")
    assert "刚验证的" not in see(company.manager)


def test_tabs_count_their_things(see, company, owe, find):
    owe(0)
    find(3)
    find(3, rectified_at=NOW)
    find(3, rectified_at=NOW, verified_at=NOW)
    page = see(company.manager)
    assert order_of(
        page, '待办 <span class="count">2<', '等待他人 <span class="count">1<',
        '已完成 <span class="count">1<',
    )  # fmt: skip


def test_beside_it_stands_how_far_the_own_project_is(see, company, owe, find):
    owe(-3)
    done = owe(-20)
    done.submitted_at = done.accepted_at = NOW
    done.save()
    find(3, rectified_at=NOW, verified_at=NOW)
    Obligation.objects.filter(project=company.two).delete()
    page = see(company.head)
    assert "节点 <b>1</b> / 2 已通过" in page
    assert "问题 <b>1</b> / 1 已关闭" in page
    assert "1 项逾期" in page
    assert "距检查验收还有 3 天（11月26日 周六）" in page


def test_a_head_of_department_rectifies_what_its_people_are_to_do(see, company, find):
    clerk = cast.person("emp02", "许静", "employee", project=company.one, department="客服部")
    find(0, "本部门的", responsible=clerk)
    find(0, "别的部门的")
    page = see(company.head)
    assert "本部门的" in page and ">整改<" in page
    assert "别的部门的" not in page
    company.head.posts.update(department="")
    assert "别的部门的" in see(company.head)


@pytest.mark.parametrize("count", [1, 4])
def test_a_heads_page_asks_as_often_for_many_people(
    client, see, company, find, count, django_assert_num_queries
):
    for number in range(count):
        clerk = cast.person(
            f"c{number}", "许静", "employee", project=company.one, department="客服部"
        )
        find(0, responsible=clerk)
    see(company.head)
    with django_assert_num_queries(14):
        client.get("/")


# --- many --------------------------------------------------------------------------------


def test_more_than_fifty_are_paged_in_one_order(see, company, find, owe):
    for number in range(55):
        find(number, f"问题 {number:02}")
    owe(52, title="夹在中间的任务")
    first, second = see(company.manager), see(company.manager, "/?page=2")
    assert "问题 49" in first
    assert "问题 50" not in first
    assert order_of(second, "问题 50", "问题 51", "夹在中间的任务", "问题 52")
    assert "先做这一件" not in second
    assert "1–50，共 56" in first


@pytest.mark.parametrize("count", [1, 4])
def test_a_managers_page_asks_as_often_for_much_work(
    client, see, company, owe, find, count, django_assert_num_queries
):
    for _ in range(count):
        owe(0)
        sent = owe(1)
        sent.submitted_at = NOW
        sent.save()
        find(0)
        find(1, rectified_at=NOW)
        find(2, rectified_at=NOW, verified_at=NOW)
    see(company.manager)
    with django_assert_num_queries(17):
        client.get("/")


@pytest.mark.parametrize("count", [1, 4])
def test_the_centers_page_asks_as_often_for_many_projects(
    client, see, company, owe, find, count, django_assert_num_queries
):
    for number in range(count):
        project = cast.project(f"X{number}", f"项目{number}")
        sent = owe(1, project=project)
        sent.submitted_at, sent.submitted_by = NOW, company.manager
        sent.save()
        find(0, project=project, rectified_at=NOW)
        owe(0, **company_itself())
    see(company.center)
    with django_assert_num_queries(20):
        client.get("/")


@pytest.mark.parametrize("count", [1, 4])
def test_cases_and_later_days_asked_for_are_read_together(
    client, see, company, find, count, django_assert_num_queries
):
    for _ in range(count):
        ask_extension(
            finding=find(1, responsible=company.manager),
            due=TODAY + timedelta(days=9),
            reason="配件未到",
            by=company.manager,
            at=NOW,
        )
        elsewhere = find(2, project=company.two)
        spread(finding=elsewhere, question="查灯", hours=24, by=company.center, at=NOW)
    assert "查灯" in see(company.manager)
    with django_assert_num_queries(19):
        client.get("/")


@pytest.mark.parametrize(
    ("username", "number"),
    [("president", 14), ("exec", 13), ("lead-service", 19), ("admin", 11), ("emp01", 14)],
)
@pytest.mark.parametrize("count", [1, 4])
def test_every_other_page_asks_as_often_for_much_work(
    client, see, company, owe, find, username, number, count, django_assert_num_queries
):
    line = company.lines["customer_service"]
    for other in list(company.lines.values())[:count]:
        company_owes = owe(2, approver=Role.PRESIDENT, **company_itself())
        company_owes.submitted_at, company_owes.submitted_by = NOW, company.center
        company_owes.save()
        owe(0, specialty=line)
        find(0)
        Finding.objects.filter(pk=find(1, rectified_at=NOW).pk).update(specialty=line)
        cast.rubric(company.campaign, other, published=False)
    see(User.objects.get(username=username))
    with django_assert_num_queries(number):
        client.get("/")
