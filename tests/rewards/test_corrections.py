"""A correction: asked, granted, another settlement that names the old one, which stays."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaign.models import Message
from campaign.seals import differences, seal_older
from organization.errors import Conflict, Refused
from organization.history import history_of
from rewards.adjustments import adjust
from rewards.amounts import set_reward_rules
from rewards.changes import changes
from rewards.corrections import ask_correction, grant_correction, refuse_correction
from rewards.models import Award, Correction, Settlement
from rewards.settlement import approve_settlement, draw_up, net, submit_settlement
from scoring.models import CampaignResults
from scoring.opening import require_open_results
from tests import cast

REASON = "复核发现项目一的评分表漏评"


def approve(firm, drawn):
    submitted = submit_settlement(settlement=drawn, by=firm.center, at=firm.at)
    return approve_settlement(
        settlement=submitted, total=net(submitted), by=firm.president, at=firm.at
    )


@pytest.fixture
def old(firm, stand):
    seal_older(campaign=firm.campaign, by="command", at=cast.NOW)
    stand(firm.one, "93.70")
    stand(firm.two, "75.45")
    drawn = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    adjust(
        settlement=drawn,
        project=firm.one,
        person=firm.worker,
        amount=Decimal(200),
        reason="嘉奖",
        by=firm.center,
        at=firm.at,
    )
    return approve(firm, drawn)


def ask(firm, old, **more):
    asked = {"reason": REASON, "by": firm.center, "at": firm.at} | more
    return ask_correction(settlement=old, **asked)


@pytest.fixture
def new(firm, old):
    return grant_correction(correction=ask(firm, old), by=firm.president, at=firm.at)


def tampered(firm):
    """What `verify` says of settlements; standings were put there without scores by the tests."""
    said = [each.said("zh-hans") for each in differences(firm.campaign)]
    words = ("奖惩", "结算", "人工", "待决定", "评分条件", "条件")
    return [each for each in said if each.startswith(words)]


# --- asking and answering ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "code"),
    [({"reason": " "}, "reason"), ({"appeals_until": cast.NOW.date()}, "appeals_until")],
)
def test_it_takes_a_reason_and_a_day_to_come(firm, old, more, code):
    with pytest.raises(Refused) as refusal:
        ask(firm, old, **more)
    assert refusal.value.code == code


def test_only_an_approved_one_is_corrected(firm, stand):
    stand(firm.one, "93.70")
    drawn = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    with pytest.raises(Refused) as refusal:
        ask(firm, drawn)
    assert refusal.value.code == "not_approved"


def test_nothing_opens_before_the_president_grants_it(firm, old):
    ask(firm, old)
    with pytest.raises(Refused):
        require_open_results(firm.campaign)
    with pytest.raises(Refused) as refusal:
        draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    assert refusal.value.code == "approved"
    with pytest.raises(Refused) as refusal:
        ask(firm, old)
    assert refusal.value.code == "asked"
    assert Message.objects.filter(person=firm.president, title__startswith="申请更正").exists()


def test_refused_it_stays_and_may_be_asked_again(firm, old):
    asked = ask(firm, old)
    with pytest.raises(Refused):
        refuse_correction(correction=asked, reason=" ", by=firm.president, at=firm.at)
    refuse_correction(correction=asked, reason="不必", by=firm.president, at=firm.at)
    with pytest.raises(Conflict):
        grant_correction(correction=asked, by=firm.president, at=firm.at)
    ask(firm, old)
    assert Settlement.objects.count() == 1 and tampered(firm) == []


# --- the new one ---------------------------------------------------------------------------


def test_granted_it_names_the_old_one_and_begins_as_that_ended(firm, old, new):
    assert (new.number, new.corrects, new.posts_as_of) == (2, old, old.posts_as_of)
    assert net(new) == net(old) == 1300 and changes(new) == []
    require_open_results(firm.campaign)
    verbs = [entry.verb for entry in history_of(old)]
    assert verbs[:2] == ["grant_correction", "ask_correction"]


def test_it_shows_what_changes_for_whom_and_tells_only_them(firm, old, new, stand):
    stand(firm.one, "85.00")
    again = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    told = {str(each.person): (each.was, each.now, each.difference) for each in changes(again)}
    assert told == {"陈立群": (1000, 0, -1000), "刘晓燕": (600, 0, -600)}
    approve(firm, again)
    news = Message.objects.filter(title__startswith="结算更正")
    assert set(news.values_list("person", flat=True)) == {firm.manager.pk, firm.head.pk}
    assert "+¥1,000" in news.get(person=firm.manager).title


def test_the_old_one_stays_and_both_verify_clean(firm, old, new, stand):
    before = list(old.awards.values_list("person", "amount"))
    content = old.snapshot.content
    assert tampered(firm) == []
    stand(firm.one, "85.00")
    done = approve(firm, draw_up(campaign=firm.campaign, by=firm.center, at=firm.at))
    old.refresh_from_db()
    assert list(old.awards.values_list("person", "amount")) == before
    assert old.snapshot.content == content and old.approved_at
    assert done.snapshot.previous == old.fingerprint
    assert f'"corrects":{{"fingerprint":"{old.fingerprint}","number":1}}' in done.snapshot.content
    assert CampaignResults.objects.get(campaign=firm.campaign).frozen_at == firm.at
    assert tampered(firm) == []


@pytest.mark.parametrize(
    "attack",
    [
        lambda: Award.objects.filter(settlement__number=1).update(amount=1),
        lambda: Award.objects.filter(settlement__number=2).update(amount=1),
        lambda: Settlement.objects.filter(number=2).update(corrects=None),
        lambda: Correction.objects.update(reason="别的"),
        lambda: CampaignResults.objects.update(reopened_at=None),
    ],
)
def test_what_is_changed_by_sql_in_either_is_found(firm, old, new, attack):
    approve(firm, new)
    assert tampered(firm) == []
    attack()
    assert list(differences(firm.campaign)) and len(found_now(firm)) > 0


def found_now(firm):
    return [each for each in differences(firm.campaign) if each.code != "standing"]


def test_rules_stay_as_they_were_approved(firm, old, new):
    with pytest.raises(Refused) as refusal:
        set_reward_rules(campaign=firm.campaign, amounts={}, by=firm.center, at=firm.at)
    assert refusal.value.code == "approved"


def test_a_correction_is_corrected_in_its_turn(firm, old, new):
    with pytest.raises(Refused):
        ask(firm, old)
    done = approve(firm, new)
    third = grant_correction(correction=ask(firm, done), by=firm.president, at=firm.at)
    assert (third.number, third.corrects) == (3, done)


# --- pages ---------------------------------------------------------------------------------

PAGE = "/c/c11/settlement/"


def test_center_asks_president_grants_and_the_old_one_stays_readable(client, firm, old):
    client.force_login(firm.center)
    until = (firm.at + timedelta(days=9000)).date()
    client.post(f"{PAGE}correct/", {"reason": REASON, "appeals_until": until.isoformat()})
    client.force_login(firm.president)
    asked = Correction.objects.get()
    assert REASON in client.get(PAGE).content.decode()
    assert "申请更正结算" in client.get("/").content.decode()
    client.post(f"{PAGE}correct/{asked.pk}/grant/")
    page = client.get(PAGE).content.decode()
    assert "与第 1 次结算的差别" in page and "?number=1" in page
    first = client.get(f"{PAGE}?number=1").content.decode()
    assert "第 2 次结算正在更正它" in first and "申请更正</summary>" not in first
    assert client.get(f"{PAGE}?number=9").status_code == 404
    assert client.get(f"{PAGE}excel/?number=1").status_code == 200


def test_a_reason_that_lacks_keeps_the_rest(client, firm, old):
    client.force_login(firm.center)
    response = client.post(f"{PAGE}correct/", {"reason": "", "appeals_until": "2031-01-01"})
    assert response.status_code == 422 and 'value="2031-01-01"' in response.content.decode()


@pytest.mark.parametrize("who", ["center", "executive", "manager"])
def test_only_the_president_answers(client, firm, old, who):
    asked = ask(firm, old)
    client.force_login(getattr(firm, who))
    assert client.post(f"{PAGE}correct/{asked.pk}/grant/").status_code == 403
    assert client.post(f"{PAGE}correct/{asked.pk}/refuse/", {"reason": "x"}).status_code == 403


def test_only_the_center_asks(client, firm, old):
    client.force_login(firm.president)
    assert client.post(f"{PAGE}correct/", {"reason": REASON}).status_code == 403
