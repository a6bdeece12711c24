"""Who came, left, is lacking or has no post: listed for a decision, decided on record."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaign.seals import differences, seal_older
from organization.errors import Refused
from organization.history import history_of
from organization.models import Post
from organization.roles import Role
from rewards.cases import decide_cases
from rewards.models import Case, Settlement
from rewards.posts_day import set_posts_day
from rewards.reckoning import reckon
from rewards.settlement import approve_settlement, draw_up, net, submit_settlement
from tests import cast

STARTED = date(2011, 9, 25)
MEANWHILE = date(2011, 11, 1)


@pytest.fixture
def firm(firm, stand):
    seal_older(campaign=firm.campaign, by="command", at=cast.NOW)
    stand(firm.one, "93.70")
    stand(firm.two, "75.45")
    return firm


def drawn(firm):
    return draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)


def found(firm, at=None):
    """(kind, whom, role) of every case."""
    reckoned = reckon(campaign=firm.campaign, posts_as_of=at or firm.at)
    return {(each.kind, str(each.person or ""), each.role) for each in reckoned.cases}


def certain(firm):
    reckoned = reckon(campaign=firm.campaign, posts_as_of=firm.at)
    return {(str(each.person), each.amount) for each in reckoned.certain}


def dated(firm, person, **days):
    Post.objects.filter(user=person).update(**days)


def decide(firm, settlement, answer="nothing", *, reason="依会议纪要", **more):
    return decide_cases(
        settlement=settlement,
        cases=list(settlement.cases.all()),
        answer=answer,
        reason=reason,
        by=firm.center,
        at=firm.at,
        **more,
    )


def tampered(firm):
    said = [each.said("zh-hans") for each in differences(firm.campaign)]
    return [each for each in said if each.startswith(("待决定情况", "奖惩", "岗位截止日"))]


# --- what is a case ------------------------------------------------------------------------


def test_who_was_there_all_along_is_certain(firm):
    assert found(firm) == set()
    assert certain(firm) == {("陈立群", 1000), ("刘晓燕", 600), ("彭海燕", -500)}


@pytest.mark.parametrize(
    ("since", "is_case"),
    [(STARTED, False), (STARTED + timedelta(days=1), True), (date(2011, 12, 7), True)],
)
def test_who_joined_after_the_first_day_is_one(firm, since, is_case):
    dated(firm, firm.head, since=since)
    assert (("joined", "刘晓燕", "department_head") in found(firm)) == is_case
    assert (("刘晓燕", 600) in certain(firm)) != is_case


def test_who_rose_meanwhile_is_one_with_the_post_before(firm):
    cast.post(firm.head, Role.DEPUTY_PROJECT_MANAGER, project=firm.one, since=MEANWHILE)
    (case,) = drawn(firm).cases.all()
    assert (case.kind, case.role, case.was, case.amount) == (
        "joined", "deputy_project_manager", "department_head", 800,
    )  # fmt: skip


def test_another_department_is_no_other_post(firm):
    dated(firm, firm.head, until=MEANWHILE - timedelta(days=1))
    cast.post(
        firm.head, Role.DEPARTMENT_HEAD, project=firm.one, department="工程部", since=MEANWHILE
    )
    assert {kind for kind, _whom, _role in found(firm)} == {"vacant"}  # the one that was left
    assert ("刘晓燕", 600) in certain(firm)


def test_who_left_is_one_and_so_is_the_post(firm):
    dated(firm, firm.head, until=MEANWHILE)
    assert found(firm) == {
        ("left", "刘晓燕", "department_head"), ("vacant", "", "department_head"),
    }  # fmt: skip


def test_the_last_day_in_a_post_counts_as_held(firm):
    dated(firm, firm.head, until=date(2011, 12, 7))
    assert found(firm) == set()


def test_who_left_before_the_campaign_is_none(firm):
    dated(firm, firm.head, until=STARTED - timedelta(days=1))
    assert found(firm) == set()


def test_a_project_without_a_manager_has_a_vacant_post(firm):
    Post.objects.filter(user=firm.other_manager).update(project=firm.one)
    assert ("vacant", "", "project_manager") in found(firm)


def test_a_band_without_rules_has_no_cases(firm, stand):
    stand(firm.one, "85.00")
    dated(firm, firm.head, until=MEANWHILE)
    assert found(firm) == set()


def test_an_account_without_any_post_is_one(firm):
    cast.User.objects.create(username="lost", name="无岗")
    cast.User.objects.create(username="gone", name="离职", is_active=False)
    cast.User.objects.create(username="root", name="维护", is_superuser=True)
    assert found(firm) == {("no_post", "无岗", "")}


# --- deciding ------------------------------------------------------------------------------


@pytest.fixture
def joined(firm):
    dated(firm, firm.head, since=MEANWHILE)
    return drawn(firm)


def test_nobody_is_paid_and_nothing_submitted_before_it_is_decided(firm, joined):
    assert net(joined) == 500
    with pytest.raises(Refused) as refusal:
        submit_settlement(settlement=joined, by=firm.center, at=firm.at)
    assert refusal.value.code == "cases" and "刘晓燕" in str(refusal.value)


@pytest.mark.parametrize(("answer", "total"), [("pay", 1100), ("nothing", 500)])
def test_paid_or_not_it_goes_on(firm, joined, answer, total):
    decide(firm, joined, answer)
    assert net(joined) == total
    submit_settlement(settlement=joined, by=firm.center, at=firm.at)
    done = approve_settlement(
        settlement=joined, total=Decimal(total), by=firm.president, at=firm.at
    )
    assert done.approved_at and tampered(firm) == []


def test_it_may_be_paid_to_somebody_else(firm, joined):
    decide(firm, joined, "other", paid_to=firm.worker)
    award = joined.awards.get(person=firm.worker)
    assert (award.amount, award.role, award.case.reason) == (600, "department_head", "依会议纪要")


def test_nobody_is_paid_twice_in_a_project(firm, joined):
    with pytest.raises(Refused) as refusal:
        decide(firm, joined, "other", paid_to=firm.manager)
    assert refusal.value.code == "paid_to"
    assert net(joined) == 500 and joined.cases.undecided().exists()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"reason": " "}, "reason"),
        ({"answer": "other"}, "paid_to"),
        ({"answer": "maybe"}, "answer"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(firm, joined, asked, code):
    with pytest.raises(Refused) as refusal:
        decide(firm, joined, **asked)
    assert refusal.value.code == code


def test_a_vacant_post_goes_to_nobody_or_to_somebody(firm):
    dated(firm, firm.manager, until=STARTED - timedelta(days=1))
    settlement = drawn(firm)
    with pytest.raises(Refused):
        decide(firm, settlement, "pay")
    decide(firm, settlement, "other", paid_to=firm.worker)
    assert settlement.awards.get(person=firm.worker).amount == 1000


def test_who_has_no_post_is_placed_by_the_decision(firm):
    lost = cast.User.objects.create(username="lost", name="无岗")
    settlement = drawn(firm)
    with pytest.raises(Refused) as refusal:
        decide(firm, settlement, "pay")
    assert refusal.value.code == "to_project"
    decide(firm, settlement, "pay", to_project=firm.two, to_role="team_leader")
    assert settlement.awards.get(person=lost).amount == -100
    submit_settlement(settlement=settlement, by=firm.center, at=firm.at)


def test_a_decision_outlives_a_drawing_up_anew_as_long_as_its_facts_do(firm, joined, stand):
    decide(firm, joined, "pay")
    assert net(drawn(firm)) == 1100
    stand(firm.one, "95.00")
    assert drawn(firm).cases.undecided().count() == 1
    dated(firm, firm.head, since=None)
    assert not drawn(firm).cases.live().exists() and Case.objects.count() == 1


def test_who_is_paid_by_a_decision_and_then_by_a_post_is_asked_about_again(firm, joined):
    decide(firm, joined, "other", paid_to=firm.worker)
    cast.post(firm.worker, Role.DEPUTY_PROJECT_MANAGER, project=firm.one)
    again = drawn(firm)
    assert again.awards.get(person=firm.worker).amount == 800
    assert again.cases.undecided().count() == 1 and tampered(firm) == []


def test_a_case_that_came_up_since_outdates_the_list(firm):
    settlement = drawn(firm)
    dated(firm, firm.head, until=MEANWHILE)
    with pytest.raises(Refused) as refusal:
        submit_settlement(settlement=settlement, by=firm.center, at=firm.at)
    assert refusal.value.code == "outdated"


def test_each_decision_is_on_record(firm, joined):
    decide(firm, joined, "pay")
    decide(firm, joined, "nothing", reason="改为不计")
    told = [(e.detail["answer"], e.reason) for e in history_of(joined) if e.verb == "decide_case"]
    assert told == [("nothing", "改为不计"), ("pay", "依会议纪要")]


@pytest.mark.parametrize(
    "attack", [{"answer": "nothing"}, {"reason": "别的"}, {"amount": Decimal(9)}]
)
def test_a_decision_that_is_changed_by_sql_is_found(firm, joined, attack):
    decide(firm, joined, "pay")
    assert tampered(firm) == []
    Case.objects.update(**attack)
    assert tampered(firm)


# --- the day of the posts ------------------------------------------------------------------


def test_posts_count_on_the_day_that_the_campaign_sets(firm):
    dated(firm, firm.head, until=date(2011, 12, 5))
    assert drawn(firm).cases.count() == 2
    set_posts_day(campaign=firm.campaign, day=date(2011, 12, 5), by=firm.center, at=firm.at)
    settlement = drawn(firm)
    assert not settlement.cases.live().exists() and net(settlement) == 1100
    assert tampered(firm) == []


def test_it_is_not_drawn_up_before_that_day(firm):
    set_posts_day(campaign=firm.campaign, day=date(2011, 12, 31), by=firm.center, at=firm.at)
    with pytest.raises(Refused) as refusal:
        drawn(firm)
    assert refusal.value.code == "posts_day"


def test_once_submitted_the_day_stays(firm):
    submit_settlement(settlement=drawn(firm), by=firm.center, at=firm.at)
    with pytest.raises(Refused):
        set_posts_day(campaign=firm.campaign, day=STARTED, by=firm.center, at=firm.at)


def test_another_day_outdates_the_list(firm):
    settlement = drawn(firm)
    set_posts_day(campaign=firm.campaign, day=MEANWHILE, by=firm.center, at=firm.at)
    with pytest.raises(Refused) as refusal:
        submit_settlement(settlement=settlement, by=firm.center, at=firm.at)
    assert refusal.value.code == "outdated"


# --- pages ---------------------------------------------------------------------------------

PAGE = "/c/c11/settlement/cases/"


def typed(**changes):
    return {"case": [Case.objects.get().pk], "answer": "pay", "reason": "依会议纪要"} | changes


def test_the_settlement_page_lists_them_with_a_way_on(client, firm, joined):
    client.force_login(firm.center)
    page = client.get("/c/c11/settlement/").content.decode()
    assert "1 个情况要先决定" in page and "到岗，任部门主任" in page and PAGE in page


def test_the_center_decides_on_the_page(client, firm, joined):
    client.force_login(firm.center)
    client.post(PAGE, typed())
    assert net(Settlement.objects.get()) == 1100
    assert "依会议纪要" in client.get(f"{PAGE}?show=decided").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"answer": "other", "paid_to": "nobody"}, {"case": []}]
)
def test_what_was_typed_stays_beside_what_is_wrong(client, firm, joined, wrong):
    client.force_login(firm.center)
    response = client.post(PAGE, typed(to_project="P01") | wrong)
    page = response.content.decode()
    assert response.status_code == 422 and "form-error" in page and 'value="P01"' in page
    assert joined.cases.undecided().exists()


def test_others_read_and_do_not_decide(client, firm, joined):
    client.force_login(firm.president)
    assert 'name="answer"' not in client.get(PAGE).content.decode()
    assert client.post(PAGE, typed()).status_code == 403
    client.force_login(firm.manager)
    assert client.get(PAGE).status_code == 403


def test_the_day_is_set_where_the_rules_are(client, firm):
    client.force_login(firm.center)
    page = client.get("/c/c11/setup/rewards/")
    seen = {"seen": page.context["form"].seen, "excellent:project_manager": "1000"}
    client.post("/c/c11/setup/rewards/", seen | {"posts_on": "2011-12-05"})
    assert firm.campaign.settlement_terms.posts_on == date(2011, 12, 5)
