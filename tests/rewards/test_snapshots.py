"""What an approved settlement stands on: kept, linked, printed, and found again by its code."""

import io
import json
from decimal import Decimal

import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image

from organization.digests import canonical, fingerprint
from rewards.documents import settlement_pdf, settlement_workbook
from rewards.models import RewardRule, Snapshot
from rewards.settlement import approve_settlement, draw_up, net, submit_settlement
from scoring.models import Standing
from tests import cast
from tests.pdf import codes


def approve(firm, campaign):
    drawn = draw_up(campaign=campaign, by=firm.center, at=firm.at)
    drawn = submit_settlement(settlement=drawn, by=firm.center, at=firm.at)
    return approve_settlement(settlement=drawn, total=net(drawn), by=firm.president, at=firm.at)


@pytest.fixture
def approved(firm, stand):
    stand(firm.one, "93.70")
    stand(firm.two, "75.45")
    return approve(firm, firm.campaign)


def address(print_):
    return reverse("fingerprint", args=[print_])


def test_it_keeps_what_decided_and_people_by_their_ids_only(firm, approved):
    kept = approved.snapshot
    assert kept.fingerprint == approved.fingerprint == fingerprint(kept.content)
    said = json.loads(kept.content)
    assert said["standings"]["P01"]["composite"] == "93.7"
    assert said["rules"]["weights"]["order"]["percent"] == "25"
    assert said["rules"]["reward_rules"]["excellent project_manager"] == "1000"
    assert said["awards"][f"P01 {firm.manager.pk}"]["amount"] == "1000"
    assert f"{firm.head.pk} department_head" in said["posts"]["P01"]
    assert firm.manager.name not in kept.content and firm.manager.username not in kept.content


def test_each_names_the_one_before_it(firm, approved):
    other = cast.campaign("c12", projects=[firm.one])
    cast.scoring_rules(other, firm.lines)
    Standing.objects.filter(campaign=other).update(composite=Decimal(95), provisional=False)
    RewardRule.objects.create(
        campaign=other, band="excellent", role="project_manager", amount=Decimal(1)
    )
    approve(firm, other)
    first, second = Snapshot.objects.all()
    assert (first.number, first.previous) == (1, "")
    assert (second.number, second.previous) == (2, first.fingerprint)
    assert json.loads(second.content)["previous"] == first.fingerprint


@pytest.mark.system("pango")
def test_the_papers_carry_the_code(firm, approved):
    leads_to = settings.SITE_URL + address(approved.fingerprint)
    assert codes(settlement_pdf(approved, at=firm.at)) == [leads_to]
    book = load_workbook(io.BytesIO(settlement_workbook(approved, at=firm.at)))
    (picture,) = book.active._images
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture._data())))
    assert found.text == leads_to


def test_a_list_too_long_to_draw_is_had_as_a_workbook(firm, approved, client, monkeypatch):
    monkeypatch.setattr("rewards.documents.signed_list.MOST", 0)
    client.force_login(firm.center)
    answer = client.get(f"/c/{firm.campaign.code}/settlement/pdf/", follow=True)
    assert "PDF 最多 0 行，请导出 Excel。" in answer.content.decode()
    book = load_workbook(io.BytesIO(settlement_workbook(approved, at=firm.at)))
    assert book.active.max_row > 1


def test_a_draft_carries_none(firm, stand):
    stand(firm.one, "93.70")
    drawn = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    book = load_workbook(io.BytesIO(settlement_workbook(drawn, at=firm.at)))
    assert not book.active._images


# --- where the code leads ------------------------------------------------------------------


def test_whoever_scans_it_is_told_that_it_is_on_record_but_no_amount(client, firm, approved):
    client.force_login(firm.worker)
    page = client.get(address(approved.fingerprint))
    said = page.content.decode()
    assert "与系统里的记录一致" in said and str(firm.campaign) in said
    assert reverse("settlement", args=[firm.campaign.code]) not in said


def test_who_may_see_the_settlement_gets_there(client, firm, approved):
    client.force_login(firm.president)
    said = client.get(address(approved.fingerprint)).content.decode()
    assert reverse("settlement", args=[firm.campaign.code]) in said


def test_a_changed_snapshot_is_said(client, firm, approved):
    Snapshot.objects.update(content="{}")
    client.force_login(firm.worker)
    assert "已被改动" in client.get(address(approved.fingerprint)).content.decode()


def test_another_one_is_not_on_record(client, firm, approved):
    client.force_login(firm.worker)
    page = client.get(address("0" * 64))
    assert page.status_code == 404 and "没有这个指纹" in page.content.decode()


def test_a_stranger_signs_in_first(client, approved):
    page = client.get(address(approved.fingerprint))
    assert page.status_code == 302 and page.url.startswith(reverse("login"))


# --- before there were snapshots -------------------------------------------------------------

AWKWARD = 'P"01\\\n\t\x01\x7f 项目</b>'


@pytest.fixture
def older(firm, approved):
    """One that was approved when only its list had a fingerprint; projects of any name."""
    Snapshot.objects.all().delete()
    approved.awards.filter(project=firm.one).update(amount=Decimal("-0.50"))
    approved.awards.create(
        project=firm.one, role="team", band="excellent", composite=Decimal(100), amount=Decimal(7)
    )
    firm.one.code = AWKWARD
    firm.one.save()
    approved.fingerprint = fingerprint(canonical(everything(approved)))
    approved.save()
    return approved


def everything(settlement):
    """What the list says, put together here as it was then."""
    awards = settlement.awards.order_by("project__code", "person_id", "role")
    columns = "project__code", "person_id", "role", "band", "composite", "amount"
    return {
        "campaign": settlement.campaign.code,
        "number": settlement.number,
        "posts_as_of": settlement.posts_as_of.isoformat(),
        "left_out": settlement.left_out,
        "awards": [[*row[:4], str(row[4]), str(row[5])] for row in awards.values_list(*columns)],
    }


def test_an_older_list_has_the_fingerprint_it_had(client, firm, older):
    said = everything(older)["awards"]
    assert [AWKWARD, None, "team", "excellent", "100.00", "7.00"] in said
    assert "-0.50" in [amount for *_about, amount in said]
    client.force_login(firm.worker)
    assert "与系统里的记录一致" in client.get(address(older.fingerprint)).content.decode()


def test_a_changed_older_list_is_said(client, firm, older):
    last = older.awards.last()
    last.amount += Decimal("0.01")
    last.save()
    client.force_login(firm.worker)
    assert "已被改动" in client.get(address(older.fingerprint)).content.decode()
