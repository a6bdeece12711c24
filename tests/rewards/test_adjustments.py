"""Lines that people add to a settlement: a reason, a line of their own, told, counted, sealed."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from campaign.models import Message
from campaign.seals import differences, seal_older
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import User
from rewards.adjustments import adjust, withdraw_adjustment
from rewards.documents import settlement_workbook
from rewards.models import Adjustment
from rewards.settlement import approve_settlement, draw_up, net, submit_settlement
from rewards.summary import totals
from tests import cast

REASON = "代理经理两个月"


@pytest.fixture
def drawn(firm, stand):
    seal_older(campaign=firm.campaign, by="command", at=cast.NOW)
    stand(firm.one, "93.70")
    stand(firm.two, "75.45")
    return draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)


@pytest.fixture
def add(firm, drawn):
    def add(amount="200", person=firm.worker, reason=REASON, project=firm.one):
        return adjust(
            settlement=drawn,
            project=project,
            person=person,
            amount=Decimal(amount),
            reason=reason,
            by=firm.center,
            at=firm.at,
        )

    return add


def approve(firm, drawn):
    submit_settlement(settlement=drawn, by=firm.center, at=firm.at)
    return approve_settlement(settlement=drawn, total=net(drawn), by=firm.president, at=firm.at)


def moved(firm):
    """What `verify` says about adjustments and the snapshot."""
    said = [each.said("zh-hans") for each in differences(firm.campaign)]
    return [sentence for sentence in said if sentence.startswith(("人工调整", "奖惩结算"))]


def test_it_is_a_line_of_its_own_and_alters_no_computed_one(firm, drawn, add):
    before = list(drawn.awards.values_list("pk", "amount"))
    add("200")
    add("-50.50", person=firm.manager)
    add("300", person=None)
    assert list(drawn.awards.values_list("pk", "amount")) == before
    assert totals(drawn).adjusted == Decimal("449.50")
    assert net(drawn) == totals(drawn).net == Decimal("1549.50")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"reason": "  "}, "reason"),
        ({"amount": "0"}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"amount": "1e9"}, "amount"),
    ],
)
def test_without_reason_or_amount_it_is_refused(add, asked, code):
    with pytest.raises(Refused) as refusal:
        add(**asked)
    assert refusal.value.code == code and not Adjustment.objects.exists()


def test_a_project_that_takes_no_part_has_none(add):
    with pytest.raises(Refused) as refusal:
        add(project=cast.project("P09", "外来项目"))
    assert refusal.value.code == "project"


def test_what_was_taken_back_stays_on_record_and_does_not_count(firm, drawn, add):
    line = add()
    withdraw_adjustment(adjustment=line, by=firm.center, at=firm.at)
    assert net(drawn) == 1100 and Adjustment.objects.get().withdrawn_by == firm.center
    with pytest.raises(Conflict):
        withdraw_adjustment(adjustment=line, by=firm.center, at=firm.at)
    verbs = [(entry.verb, entry.reason) for entry in history_of(drawn)]
    assert verbs[:2] == [("withdraw_adjustment", ""), ("adjust", REASON)]


def test_it_outlives_a_drawing_up_anew(firm, drawn, add):
    add()
    assert net(draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)) == 1300


def test_once_submitted_none_is_added_or_taken_back(firm, drawn, add):
    line = add()
    submit_settlement(settlement=drawn, by=firm.center, at=firm.at)
    with pytest.raises(Refused) as refusal:
        add()
    assert refusal.value.code == "submitted"
    with pytest.raises(Refused):
        withdraw_adjustment(adjustment=line, by=firm.center, at=firm.at)


def test_whom_it_concerns_is_told_with_its_reason(firm, drawn, add):
    add()
    approve(firm, drawn)
    message = Message.objects.get(person=firm.worker, title__startswith="人工调整")
    assert "+¥200" in message.title and message.body == REASON


def test_the_snapshot_keeps_it_and_a_change_by_sql_is_found(firm, drawn, add):
    add()
    approve(firm, drawn)
    assert moved(firm) == []
    Adjustment.objects.update(amount=Decimal(2000))
    assert len(moved(firm)) == 2  # the line's own seal, and the snapshot


def test_one_put_in_past_the_application_is_found(firm, drawn):
    Adjustment.objects.create(
        settlement=drawn, project=firm.one, amount=9, reason="x", made_at=firm.at
    )
    assert len(moved(firm)) == 1


def test_the_excel_list_has_it_as_a_line_in_its_total(firm, drawn, add):
    add("200", reason="=1+1")
    rows = list(load_workbook(io.BytesIO(settlement_workbook(drawn, at=firm.at))).active)
    (line,) = [row for row in rows if row[3].value == "人工调整"]
    assert (line[6].value, line[7].value, line[7].data_type) == (200, "=1+1", "s")
    assert rows[line[0].row][6].value == f"=SUM(G5:G{line[0].row})"


# --- pages ---------------------------------------------------------------------------------


def address(firm, step=""):
    return f"/c/{firm.campaign.code}/settlement/{step}"


def typed(**changes):
    return {"project": "p01", "person": "emp01", "amount": "-¥150", "reason": REASON} | changes


def test_the_center_adds_a_line_on_the_page(client, firm, drawn):
    client.force_login(firm.center)
    client.post(address(firm, "adjust/"), typed())
    assert Adjustment.objects.get().amount == -150
    page = client.get(address(firm)).content.decode()
    assert REASON in page and "−¥150" in page
    assert page.count('/c/c11/results/P01/explained/"') == 3  # two that are paid, and this one


@pytest.mark.parametrize("wrong", [{"person": "nobody"}, {"project": "P77"}, {"reason": " "}])
def test_what_was_typed_stands_there_beside_what_is_wrong(client, firm, drawn, wrong):
    client.force_login(firm.center)
    response = client.post(address(firm, "adjust/"), typed(**wrong))
    page = response.content.decode()
    assert response.status_code == 422 and "form-error" in page
    assert 'value="-¥150"' in page and not Adjustment.objects.exists()


@pytest.mark.parametrize("who", ["president", "executive", "manager"])
def test_nobody_else_adds_one(client, firm, drawn, who):
    client.force_login(getattr(firm, who))
    assert client.post(address(firm, "adjust/"), typed()).status_code == 403
    assert not Adjustment.objects.exists()


def test_the_person_reads_it_where_the_amount_is_explained(client, firm, drawn, add):
    add()
    approve(firm, drawn)
    client.force_login(firm.worker)
    page = client.get(reverse("explain", args=["c11", "P01"])).content.decode()
    assert REASON in page and "+¥200" in page
    client.force_login(firm.head)
    assert REASON not in client.get(reverse("explain", args=["c11", "P01"])).content.decode()


def test_its_record_is_as_closed_as_the_settlement_itself(client, firm, add):
    """The record names a person and an amount: administrators see none, the center does."""
    entry = history_of(add().settlement).first()
    User.objects.filter(pk__in=[firm.admin.pk, firm.center.pk]).update(is_staff=True)
    listed = reverse("admin:organization_historyentry_changelist")
    opened = reverse("admin:organization_historyentry_change", args=[entry.pk])
    seen = {}
    for reader in (firm.center, firm.admin, firm.center):  # in turn: the first page is kept
        client.force_login(reader)
        page = client.get(listed).content.decode()
        seen[reader] = (REASON in page, client.get(opened).status_code)
    assert seen == {firm.center: (True, 200), firm.admin: (False, 302)}
