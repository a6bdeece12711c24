"""What came when its sheet was closed is kept, and decided by somebody else."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from campaign.seals import begin, differences
from inspections.models import LateObservation, Observation
from inspections.sheet.sheets import finished, objections_until, submit_sheet
from inspections.sync.late import accept_late, refuse_late
from organization.errors import Conflict, Refused
from organization.models import HistoryEntry
from scoring.results import rebuild
from tests.inspections.entering import confirm_all, item, missing, opened, score_of
from tests.inspections.sync.sending import AT, event, outcomes, post, send
from tests.queries import queries_of

LATER = AT + timedelta(days=9)


@pytest.fixture
def sheet(company):
    sheet = opened(company)
    confirm_all(sheet, company.center)
    submit_sheet(sheet=sheet, by=company.center, at=AT)
    return sheet


@pytest.fixture
def late(company, sheet):
    send([event(sheet, note="地面有水")], company.auditor)
    return LateObservation.objects.get()


def accept(late, company, at=LATER, by=None, reason="现场照片可以证明"):
    accept_late(late=late, reason=reason, by=by or company.center, at=at)


def test_it_is_kept_whole_and_changes_nothing(company, sheet):
    sent = event(sheet)
    for _twice in range(2):
        assert outcomes(send([sent], company.auditor)) == ["late"]
    kept = LateObservation.objects.get()
    assert (str(kept.pk), kept.event["points"], kept.by) == (sent["id"], "1.5", company.auditor)
    assert not Observation.objects.filter(pk=kept.pk).exists()
    assert score_of(sheet).kept == 100


def test_what_says_nothing_new_is_nothing_to_decide(company, sheet):
    again = event(sheet, 1, "confirm", items=[item(sheet).pk])
    assert outcomes(send([again], company.auditor)) == ["recorded"]
    assert outcomes(send([again], company.auditor)) == ["known"]
    assert not LateObservation.objects.exists()


def test_what_is_wrong_about_it_is_refused_at_once(company, sheet):
    (receipt,) = send([event(sheet, points="9")], company.auditor)
    assert (receipt.outcome, receipt.code) == ("refused", "amount")


def test_accepted_it_counts_and_can_be_contested_from_then_on(company, sheet, late):
    accept(late, company)
    row = Observation.objects.get(pk=late.pk)
    assert (row.by, row.observed_at, row.recorded_at) == (company.auditor, AT, LATER)
    score = score_of(sheet)
    assert (score.kept, score.objections_until) == (
        Decimal("98.5"), objections_until(sheet.campaign, LATER),
    )  # fmt: skip
    sheet.refresh_from_db()
    assert finished(sheet)["finished_at"] == AT
    sent = event(sheet, note="地面有水", id=str(late.pk))
    assert outcomes(send([sent], company.auditor)) == ["known"]


def test_results_made_again_and_seals_agree_with_it(company, sheet, late):
    begin(company.campaign, at=AT)
    accept(late, company)
    before = score_of(sheet)
    assert list(differences(company.campaign)) == []
    rebuild(campaign=company.campaign, at=LATER)
    after = score_of(sheet)
    assert (after.kept, after.objections_until) == (before.kept, before.objections_until)


def test_receipts_say_what_became_of_it(client, company, sheet, late):
    def receipts():
        (said,) = post(client, "receipts", {"ids": [str(late.pk)]}).json()["late"]
        return said["outcome"], said["detail"]

    client.force_login(company.auditor)
    assert receipts() == ("late", "")
    refuse_late(late=late, reason="已经超过时间", by=company.center, at=LATER)
    assert receipts() == ("refused", "已经超过时间")
    client.force_login(company.center)
    assert post(client, "receipts", {"ids": [str(late.pk)]}).json()["late"] == []


def found(company):
    return [difference.said("zh-hans") for difference in differences(company.campaign)]


def test_what_waits_is_sealed_when_it_comes_and_when_it_is_decided(company, sheet):
    begin(company.campaign, at=AT)
    send([event(sheet), event(sheet, 2, number=2)], company.auditor)
    kept, other = LateObservation.objects.order_by("pk")
    assert found(company) == []
    LateObservation.objects.filter(pk=kept.pk).update(event=kept.event | {"points": "0.5"})
    (wrong,) = found(company)
    assert str(kept.pk) in wrong and "0.5" in wrong and str(other.pk) not in wrong
    LateObservation.objects.filter(pk=kept.pk).update(event=kept.event)
    refuse_late(late=kept, reason="已经超过时间", by=company.center, at=LATER)
    accept(other, company)
    assert found(company) == []
    LateObservation.objects.filter(pk=kept.pk).update(reason="另一个理由")
    assert "已经超过时间" in found(company)[0]


def test_one_that_is_deleted_is_missed_refused_or_not(company, sheet, late):
    begin(company.campaign, at=AT)
    send([event(sheet, 2, number=2)], company.auditor)
    refuse_late(late=late, reason="已经超过时间", by=company.center, at=LATER)
    LateObservation.objects.filter(pk=late.pk).delete()
    assert str(late.pk) in found(company)[0]
    LateObservation.objects.all().delete()
    assert found(company) == [f"迟到的记录 {sheet.pk}：有封存记录，数据却不在了。"]


def test_refused_it_stays_on_record_and_does_not_count(company, sheet, late):
    refuse_late(late=late, reason="已经超过时间", by=company.center, at=LATER)
    assert score_of(sheet).kept == 100
    kept = LateObservation.objects.get()
    assert (kept.is_accepted, kept.reason) == (False, "已经超过时间")
    assert HistoryEntry.objects.get(verb="refuse_late").reason == "已经超过时间"


def test_nobody_decides_their_own_nor_without_a_reason_nor_twice(company, late):
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "own"):
        accept(late, company, by=company.auditor)
    with pytest.raises(Refused, check=lambda refusal: refusal.field == "reason"):
        accept(late, company, reason=" ")
    late.refresh_from_db()
    accept(late, company)
    with pytest.raises(Conflict):
        refuse_late(late=late, reason="晚了", by=company.center, at=LATER)


def test_a_change_of_what_is_late_is_late_and_waits_for_it(company, sheet, late):
    change = event(sheet, 2, points="2", replaces=str(late.pk))
    assert outcomes(send([change], company.auditor)) == ["late"]
    second = LateObservation.objects.get(pk=change["id"])
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "not_there"):
        accept(second, company)
    accept(late, company)
    second.refresh_from_db()
    accept(second, company)
    assert score_of(sheet).kept == 98


def test_a_withdrawal_that_comes_late_gives_the_points_back(company):
    sheet = opened(company)
    noted = missing(sheet, company.auditor)
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    send([event(sheet, 1, "withdraw", observation=str(noted.pk))], company.auditor)
    accept(LateObservation.objects.get(), company)
    assert score_of(sheet).kept == 100


def test_the_page_decides_and_tells_who_entered_it(client, company, late):
    client.force_login(company.center)
    page = client.get("/c/c11/late/").content.decode()
    assert "扣 1.5 分" in page and "地面有水" in page and "要求1" in page
    said = {"late": str(late.pk), "do": "accept", "reason": ""}
    refused = client.post("/c/c11/late/", said)
    assert refused.status_code == 422 and "请写明理由" in refused.content.decode()
    client.post("/c/c11/late/", said | {"reason": "现场照片可以证明"})
    late.refresh_from_db()
    assert late.is_accepted
    client.force_login(company.auditor)
    assert "现场照片可以证明" in client.get("/c/c11/late/").content.decode()
    assert "采纳了您迟到的记录" in client.get("/inbox/").content.decode()


def test_the_page_says_which_record_a_withdrawal_and_a_change_are_about(client, company):
    sheet = opened(company)
    noted = missing(sheet, company.auditor, note="配电箱没锁")
    send([first := event(sheet, 1, number=2, note="地面有水")], company.auditor)
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    withdrawal = event(sheet, 2, "withdraw", observation=str(noted.pk))
    change = event(sheet, 3, number=2, points="2", note="积水没过鞋底", replaces=first["id"])
    assert outcomes(send([withdrawal, change], company.auditor)) == ["late", "late"]
    client.force_login(company.center)
    page = " ".join(client.get("/c/c11/late/").content.decode().split())
    assert f"撤回一条记录 · {noted.item.name} · {noted.requirement}" in page
    assert "撤回的记录" in page and "配电箱没锁" in page
    assert "扣 2.0 分" in page
    changed = page[page.index("积水没过鞋底") :]
    assert changed.index("改动前的记录") < changed.index("扣 1.5 分") < changed.index("地面有水")


def test_readers_and_strangers_decide_nothing(client, company, late):
    said = {"late": str(late.pk), "do": "accept", "reason": "可以"}
    client.force_login(company.executive)
    assert client.post("/c/c11/late/", said).status_code == 403
    assert "要求1" in client.get("/c/c11/late/").content.decode()
    client.force_login(company.manager)
    assert "要求1" not in client.get("/c/c11/late/").content.decode()
    client.force_login(company.center)
    assert client.post("/c/c11/late/", said | {"late": "x"}).status_code == 404
    assert client.post("/c/c11/late/", said | {"late": str(uuid.uuid4())}).status_code == 404
    late.refresh_from_db()
    assert late.decided_at is None


def test_the_centers_work_names_it_but_not_ones_own(client, company, late):
    client.force_login(company.center)
    assert "1 条迟到的记录待处理" in client.get("/").content.decode()
    client.force_login(company.auditor)
    assert "条迟到的记录待处理" not in client.get("/").content.decode()


def test_the_page_asks_as_much_for_many_as_for_one(client, company, sheet, late):
    client.force_login(company.center)

    def read():
        return client.get("/c/c11/late/")

    change = event(sheet, 2, points="2", replaces=str(late.pk))
    send([change, event(sheet, 3, number=2)], company.auditor)
    few = queries_of(read)
    send([event(sheet, n, number=n) for n in (3, 4)], company.auditor)
    send([event(sheet, 5, points="1", replaces=change["id"])], company.auditor)
    assert queries_of(read) == few
