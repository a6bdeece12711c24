"""What stands beside a finding's way on its page: repeats, root cause, a later due date."""

from datetime import timedelta

import pytest

from inspections.finding.causes import name_root_cause
from inspections.finding.extensions import ask_extension, decide_extension
from inspections.finding.findings import open_finding, reopen
from inspections.models import Extension
from inspections.words import Moment
from organization.models import User
from scoring.models import Requirement
from tests import cast
from tests.inspections.test_extensions import WANTED, asked
from tests.inspections.writing import LATER, finding_of, picture, rectified
from tests.queries import queries_of


def body(response):
    return response.content.decode()


@pytest.fixture
def signed(client, company):
    def as_person(name):
        client.force_login(User.objects.get(pk=getattr(company, name).pk))
        return client

    return as_person


def send(client, found, do, **data):
    return client.post(found.get_absolute_url(), {"do": do, "revision": found.revision} | data)


# --- a later due date


@pytest.mark.parametrize(
    ("who", "status"),
    [("worker", 302), ("manager", 302), ("head", 403), ("center", 403), ("other_manager", 404)],
)
def test_who_rectifies_may_ask_for_a_later_date(signed, company, who, status):
    found = finding_of(company)
    answer = send(signed(who), found, "extend", due="2099-01-01", reason="配件未到")
    assert answer.status_code == status
    assert Extension.objects.count() == (status == 302)


@pytest.mark.parametrize("who", ["manager", "lead", "executive"])
def test_only_the_center_decides(signed, company, who):
    extension = asked(company)
    found = extension.finding
    assert send(signed(who), found, f"grant:{extension.pk}", revision=0).status_code == 403
    extension.refresh_from_db()
    assert extension.decided_at is None


def test_the_center_grants_what_was_asked_for(signed, company):
    extension = asked(company)
    send(signed("center"), extension.finding, f"grant:{extension.pk}", revision=0)
    extension.finding.refresh_from_db()
    assert extension.finding.due == WANTED
    page = body(signed("worker").get(extension.finding.get_absolute_url()))
    assert "原定 " in page and "同意延期" in page


def test_a_refusal_without_a_reason_keeps_what_was_chosen(signed, company):
    extension = asked(company)
    answer = send(
        signed("center"), extension.finding, f"refuse:{extension.pk}", revision=0, due="2011-11-23"
    )
    assert answer.status_code == 422
    assert "写明不同意的原因" in body(answer) and 'value="2011-11-23"' in body(answer)


def test_the_second_reviewer_is_told_and_the_words_are_shown_again(signed, company):
    extension = asked(company)
    decide_extension(extension=extension, granted=True, by=company.auditor, at=LATER)
    answer = send(
        signed("center"), extension.finding, f"refuse:{extension.pk}", revision=0, reason="来得及"
    )
    assert answer.status_code == 409
    assert "何敏" in body(answer) and "没有存上的内容" in body(answer) and "来得及" in body(answer)


@pytest.mark.parametrize(
    "typed",
    [
        {"due": "", "reason": "甲"},
        {"due": "下周", "reason": "甲"},
        {"due": "2011-10-01", "reason": "甲"},
    ],
)
def test_a_request_that_is_wrong_stays_as_it_was_typed(signed, company, typed):
    found = finding_of(company)
    answer = send(signed("worker"), found, "extend", **typed)
    assert answer.status_code == 422
    assert "甲</textarea>" in body(answer) and f'value="{typed["due"]}"' in body(answer)
    assert "form-error" in body(answer)


@pytest.mark.parametrize("target", ["", "x", "999999", "9" * 40])
def test_an_answer_to_no_request_is_not_found(signed, company, target):
    found = finding_of(company)
    assert send(signed("center"), found, f"grant:{target}").status_code == 404


def test_an_overlong_reason_is_refused_and_kept(signed, company):
    found = finding_of(company)
    answer = send(signed("worker"), found, "extend", due="2099-01-01", reason="😀" * 1001)
    assert answer.status_code == 422 and "😀" * 1001 in body(answer)


def test_while_one_waits_no_other_is_offered(signed, company):
    found = asked(company).finding
    page = body(signed("worker").get(found.get_absolute_url()))
    assert 'value="extend"' not in page and "等管理中心答复" in page


# --- repeats and root causes


@pytest.fixture
def again(company):
    """Opened for the second time."""
    cast.rubric(company.campaign, company.lines["order"])
    requirement = Requirement.objects.get(item__code="I01", number=2)
    first, second = (
        open_finding(
            campaign=company.campaign, project=company.one, problem=problem, by=company.center,
            specialty=company.lines["order"], due=WANTED, requirement=requirement,
            responsible=company.worker, at=LATER + timedelta(days=days),
        )
        for days, problem in enumerate(("第一回", "第二回"))
    )  # fmt: skip
    second.first = first
    return second


def test_a_repeat_says_how_often_and_leads_to_the_earlier_ones(signed, again):
    page = body(signed("worker").get(again.get_absolute_url()))
    assert "第 2 次" in page and again.first.get_absolute_url() in page
    assert "第 2 次" not in body(signed("worker").get(again.first.get_absolute_url()))


def test_a_repeat_is_not_sent_without_its_root_cause(signed, again):
    pictures = {"before": [picture()], "after": [picture()]}
    answer = send(signed("worker"), again, "rectify", text="改了", **pictures)
    assert "要写明根本原因" in body(answer) and "改了</textarea>" in body(answer)
    again.refresh_from_db()
    typed = {"text": "改了", "cause": "duty", "cause_text": "夜班“没人”看"}
    assert send(signed("worker"), again, "rectify", **typed).status_code == 302
    again.refresh_from_db()
    assert (again.root_cause, again.root_cause_text) == ("duty", "夜班“没人”看")


@pytest.mark.parametrize(
    ("who", "status"), [("worker", 302), ("center", 302), ("lead", 403), ("executive", 403)]
)
def test_who_rectifies_or_verifies_names_the_root_cause(signed, company, who, status):
    found = rectified(company)
    assert send(signed(who), found, "cause", cause="skill").status_code == status
    found.refresh_from_db()
    assert found.root_cause == ("skill" if status == 302 else "")


def test_a_cause_that_there_is_not_is_refused(signed, company):
    found = rectified(company)
    answer = send(signed("center"), found, "cause", cause="weather", cause_text="下雨")
    assert answer.status_code == 422 and "下雨" in body(answer)


def test_a_cause_named_meanwhile_is_not_overwritten(signed, company):
    found = rectified(company)
    name_root_cause(finding=found, cause="skill", by=company.worker, at=LATER)
    answer = send(signed("center"), found, "cause", revision=0, cause="duty", cause_text="我写的")
    assert answer.status_code == 409 and "我写的" in body(answer)
    found.refresh_from_db()
    assert found.root_cause == "skill"


# --- pictures in pairs


def test_the_first_before_stands_beside_the_first_after(signed, company):
    found = rectified(company)
    for moment in Moment.values:
        for _each in range(2):
            picture_kept(company, found, moment)
    page = body(signed("center").get(found.get_absolute_url()))
    shown = page[
        page.index('class="pairs"') : page.index("</section>", page.index('class="pairs"'))
    ]
    files = {m: [str(p.file_id) for p in found.photos.filter(moment=m)] for m in Moment.values}
    places = [
        shown.index(pk)
        for pair in zip(files["before"], files["after"], strict=False)
        for pk in pair
    ]
    assert places == sorted(places)
    assert "1 / 3" in shown


def picture_kept(company, found, moment):
    """Beside the ones that are there, whatever the stage allows."""
    kept = found.photos.first()
    kept.pk, kept.moment = None, moment
    kept.file.pk, kept.file.id = None, None
    kept.file.save()
    kept.file_id = kept.file.pk
    kept.save()


def test_pictures_of_a_round_that_was_sent_back_stand_apart(signed, company):
    found = rectified(company)
    old = found.photos.get(moment=Moment.AFTER)
    reopen(finding=found, reason="角落还缺", by=company.center, at=LATER + timedelta(days=2))
    assert "退回前的整改后照片" not in body(signed("worker").get(found.get_absolute_url()))
    send(signed("worker"), found, "photos", after=[picture()])
    page = body(signed("worker").get(found.get_absolute_url()))
    older = page[page.index("退回前的整改后照片") :]
    assert str(old.file_id) in older


def test_the_page_costs_the_same_for_many_requests_and_repeats(signed, company, again):
    client = signed("worker")
    few = queries_of(lambda: client.get(again.get_absolute_url()))
    for day in range(3):
        at = LATER + timedelta(days=2 + day)
        due = WANTED + timedelta(days=day + 1)
        extension = ask_extension(finding=again, due=due, reason="等", by=company.worker, at=at)
        decide_extension(extension=extension, granted=True, by=company.center, at=at)
        open_finding(
            campaign=company.campaign, project=company.one, problem="更早", by=company.center,
            specialty=company.lines["order"], due=WANTED, requirement=again.requirement,
            at=LATER - timedelta(days=day + 1),
        )  # fmt: skip
    assert queries_of(lambda: client.get(again.get_absolute_url())) == few


def test_a_picture_of_fifty_megabytes_is_refused_by_name_and_the_words_stay(signed, company):
    found = finding_of(company)
    huge = picture("全景.jpg")
    huge.file.write(b"\0" * 50 * 1024 * 1024)
    huge.size = huge.file.tell()
    huge.file.seek(0)
    answer = send(
        signed("worker"), found, "rectify", text="写了很多", before=[picture()], after=[huge]
    )
    assert answer.status_code == 422
    assert "“全景.jpg”超过" in body(answer) and "写了很多</textarea>" in body(answer)
    assert found.photos.get().moment == Moment.BEFORE
