"""One case, many sites: asked by the center, answered by each project within the hours it sets."""

import io
import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from campaign.models import Message, Participation
from inspections.case.cases import (
    answer_found,
    answer_not_here,
    close_case,
    remind_case,
    spread,
    withdraw_case,
)
from inspections.finding.findings import open_finding
from inspections.models import Case, CaseSite, Finding
from inspections.words import Reply, Source
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.roles import Role
from tests import cast
from tests.inspections import writing
from tests.inspections.learning_needs import many_projects
from tests.inspections.writing import picture
from tests.owed import owed_in
from tests.queries import queries_of

AT = cast.NOW
DUE = date(2011, 12, 5)
SOON, LATE = AT + timedelta(hours=2), AT + timedelta(hours=25, minutes=1)


def found_at(company, project=None, **fields):
    """A serious finding in force, at project two unless another is named."""
    return open_finding(
        campaign=company.campaign,
        project=project or company.two,
        problem="电梯底坑积水",
        specialty=company.lines["facilities"],
        due=DUE,
        by=company.center,
        at=AT,
        **fields,
    )


def ask(company, finding=None, **fields):
    usual = {"question": "查电梯底坑有没有积水", "hours": 24, "by": company.center, "at": AT}
    return spread(finding=finding or found_at(company), **usual | fields)


def site_of(case, project):
    site = case.sites.select_related("project").get(project=project)
    site.case = case
    return site


def not_here(site, by, at=SOON, **fields):
    fields = {"note": "三部电梯都是干的", "files": [picture()]} | fields
    return answer_not_here(site=site, by=by, at=at, **fields)


def found(site, by, at=SOON, **fields):
    fields = {"problem": "2 号梯底坑积水", "due": DUE, "files": [picture()]} | fields
    return answer_found(site=site, by=by, at=at, **fields)


@pytest.fixture
def case(company):
    return ask(company)


@pytest.fixture
def site(company, case):
    return site_of(case, company.one)


# --- asking -----------------------------------------------------------------------------------


def test_all_others_that_have_the_specialty_are_asked(company):
    third = cast.project("P03", "湖岸北里")
    part = Participation.objects.create(campaign=company.campaign, project=third)
    part.lacks.add(company.lines["facilities"])
    asked = [each.project for each in ask(company).sites.all()]
    assert asked == [company.one]


def test_chosen_projects_are_asked_even_its_own(company):
    case = ask(company, projects=[company.one, company.two])
    assert case.sites.count() == 2
    assert case.answer_by == AT + timedelta(hours=24)


def test_who_may_answer_is_told_at_once(company, case):
    told = Message.objects.filter(url=case.get_absolute_url())
    assert [message.person for message in told] == [company.manager]
    assert "答复本项目有没有" in told.get().title


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"question": "  "}, "blank"),
        ({"question": "长" * 1001}, "long"),
        ({"hours": 0}, "hours"),
        ({"hours": 721}, "hours"),
        ({"projects": []}, "blank"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(company, fields, code):
    with pytest.raises(Refused) as refusal:
        ask(company, **fields)
    assert refusal.value.code == code
    assert not Case.objects.exists()


def test_a_project_that_takes_no_part_is_refused(company):
    with pytest.raises(Refused) as refusal:
        ask(company, projects=[cast.project("P09", "外来“项目”🏢")])
    assert refusal.value.code == "no_part"


def test_a_finding_is_asked_about_once_at_a_time(company, case):
    with pytest.raises(Refused) as refusal:
        ask(company, case.finding)
    assert refusal.value.code == "running"
    close_case(case=case, reason="都答了", by=company.center, at=SOON)
    assert ask(company, case.finding).is_running


def test_a_line_of_a_draft_is_not_asked_about(company):
    line = writing.plan_of(company).findings.get()
    with pytest.raises(Refused) as refusal:
        ask(company, line)
    assert refusal.value.code == "draft"


# --- answering --------------------------------------------------------------------------------


def test_not_here_needs_evidence(company, site):
    with pytest.raises(Refused) as refusal:
        not_here(site, company.manager, files=[])
    assert (refusal.value.code, refusal.value.field) == ("no_evidence", "files")
    done = not_here(site, company.manager)
    assert (done.reply, done.answered_at) == (Reply.NOT_HERE, SOON)
    assert done.answers.get().files.count() == 1


def test_found_opens_a_finding_there(company, site):
    done = found(site, company.manager)
    opened = Finding.objects.get(project=company.one)
    assert done.finding == opened
    assert (opened.source, opened.specialty) == (Source.SPREAD, company.lines["facilities"])
    assert opened.photos.get().moment == "before"


def test_found_without_what_a_finding_needs_is_refused_whole(company, site):
    with pytest.raises(Refused) as refusal:
        found(site, company.manager, problem=" ")
    assert refusal.value.field == "problem"
    assert not CaseSite.objects.get(pk=site.pk).answered_at


def test_who_left_cannot_be_made_responsible(company, site):
    gone = cast.person("left", "离职者", Role.EMPLOYEE, project=company.one)
    gone.posts.update(until=date(2011, 11, 1))
    with pytest.raises(Refused) as refusal:
        found(site, company.manager, responsible=gone)
    assert refusal.value.field == "responsible"


def test_a_late_answer_is_taken_and_marked_by_the_hour(company, site):
    assert site.state(at=LATE).code == "overdue"
    done = not_here(site, company.manager, at=LATE)
    assert done.hours_late(at=LATE) == 2
    assert history_of(done).first().detail["hours_late"] == 2


def test_a_correction_stays_on_record_and_keeps_the_first_hour(company, site):
    not_here(site, company.manager)
    not_here(site, company.manager, at=LATE, note="再看一遍，确实没有", files=[])
    site.refresh_from_db()
    assert site.answered_at == SOON
    assert [answer.files.count() for answer in site.answers.all()] == [1, 1]
    found(site, company.manager, at=LATE)
    assert [answer.reply for answer in site.answers.all()] == ["found", "not_here", "not_here"]
    assert history_of(site).count() == 3


def test_a_correction_of_found_opens_no_second_finding(company, site):
    found(site, company.manager)
    found(site, company.manager, note="补一张照片")
    assert Finding.objects.filter(project=company.one).count() == 1
    not_here(site, company.manager, note="是雨水，已经干了")
    assert Finding.objects.filter(project=company.one).count() == 1


def test_two_who_answer_at_once_do_not_overwrite_each_other(company, case):
    mine, theirs = site_of(case, company.one), site_of(case, company.one)
    not_here(theirs, company.head, revision=0)
    with pytest.raises(Conflict) as conflict:
        found(mine, company.manager, revision=0)
    assert conflict.value.theirs.reply == Reply.NOT_HERE
    assert not Finding.objects.filter(project=company.one).exists()


@pytest.mark.parametrize("end", [close_case, withdraw_case])
def test_an_ended_case_takes_no_answer(company, case, site, end):
    with pytest.raises(Refused):
        end(case=case, reason=" ", by=company.center, at=SOON)
    end(case=case, reason="已经清楚了", by=company.center, at=SOON)
    with pytest.raises(Refused) as refusal:
        not_here(site, company.manager)
    assert refusal.value.code == "ended"
    with pytest.raises(Refused):
        end(case=case, reason="再来一次", by=company.center, at=SOON)


def test_too_large_a_file_is_refused_and_nothing_kept(company, site, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    large = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + b"0" * 2000)
    with pytest.raises(ValidationError):
        not_here(site, company.manager, files=[large])
    assert not site.answers.exists()


# --- reminding, and what is due -----------------------------------------------------------------


def test_reminding_is_for_who_has_not_answered_and_once_an_hour(company, case):
    assert remind_case(case=case, by=company.center, at=SOON) == 1
    with pytest.raises(Refused) as refusal:
        remind_case(case=case, by=company.center, at=SOON + timedelta(minutes=59))
    assert refusal.value.code == "too_soon"
    assert remind_case(case=case, by=company.center, at=SOON + timedelta(hours=1)) == 1
    assert Message.objects.filter(person=company.manager, title__startswith="催办").count() == 2
    not_here(site_of(case, company.one), company.manager)
    with pytest.raises(Refused) as refusal:
        remind_case(case=case, by=company.center, at=LATE)
    assert refusal.value.code == "answered"


def test_it_is_due_on_the_deadlines_day_with_the_hour_in_words(company, case):
    (due,) = owed_in(company.campaign, AT, "case").values()
    assert (due.due, due.people) == (date(2011, 11, 28), {company.manager.pk})
    assert "10:00 前答复" in due.title
    assert due.url == site_of(case, company.one).get_absolute_url()
    not_here(site_of(case, company.one), company.manager)
    assert not owed_in(company.campaign, AT, "case")


def test_heads_and_deputies_answer_for_their_specialty(company):
    place = {"project": company.one, "specialty": company.lines["facilities"]}
    head = cast.person("head05", "魏国栋", Role.DEPARTMENT_HEAD, **place)
    ask(company)
    (due,) = owed_in(company.campaign, AT, "case").values()
    assert due.people == {company.manager.pk, head.pk}


# --- pages ------------------------------------------------------------------------------------


def site_url(case, code="P01"):
    return reverse("case_site", args=[case.campaign.code, case.pk, code])


@pytest.fixture
def as_(client, time_machine):
    time_machine.move_to(SOON)

    def enter(person):
        client.force_login(person)
        return client

    return enter


def test_the_center_spreads_from_the_findings_page(company, as_):
    finding = found_at(company)
    center = as_(company.center)
    url = reverse("case_new", args=[company.campaign.code, finding.pk])
    assert url in center.get(finding.get_absolute_url()).content.decode()
    assert "电梯底坑积水" in center.get(url).content.decode()
    posted = {"question": "查“底坑”💧", "hours": "6", "whom": "some", "projects": ["P01"]}
    page = center.post(url, posted, follow=True).content.decode()
    assert "0 / 1 个项目已答复" in page
    assert Case.objects.get().hours == 6


@pytest.mark.parametrize(
    "wrong",
    [{"hours": "很久"}, {"hours": "-1"}, {"question": ""}, {"whom": "some"}, {"whom": "x"},
     {"whom": "some", "projects": ["999"]}],
)  # fmt: skip
def test_what_was_typed_stands_again_beside_the_error(company, as_, wrong):
    url = reverse("case_new", args=[company.campaign.code, found_at(company).pk])
    posted = {"question": "查一查🔎", "hours": "6", "whom": "all"} | wrong
    answer = as_(company.center).post(url, posted)
    assert answer.status_code == 422
    assert "form-error" in answer.content.decode()
    assert ("查一查🔎" in answer.content.decode()) == bool(posted["question"])
    assert not Case.objects.exists()


def test_projects_are_looked_for_among_many_and_stay_ticked(company, as_):
    url, center = reverse("case_new", args=["c11", found_at(company).pk]), as_(company.center)
    few = queries_of(lambda: center.get(url))
    many_projects(company, 300)
    assert queries_of(lambda: center.get(url)) == few
    assert center.get(url).content.decode().count('name="projects"') == 20
    typed = {"question": "查“底坑”💧", "hours": "", "whom": "some", "projects": ["X299", "P02"]}
    found = center.post(url, typed | {"find": "2", "q": "项目"})
    page = found.content.decode()
    assert found.status_code == 200 and "查“底坑”💧" in page and "form-error" not in page
    assert re.findall(r'name="projects" value="(\w+)" checked', page) == ["P02", "X299"]
    assert "X020" in page and "X000" not in page and "data-as-sent" in page
    assert not Case.objects.exists()
    center.post(url, typed | {"hours": "6"})
    asked = Case.objects.get().sites.values_list("project__code", flat=True)
    assert sorted(asked) == ["P02", "X299"]


@pytest.mark.parametrize(
    ("person", "status"),
    [("lead", 403), ("president", 403), ("admin", 403), ("other_manager", 403), ("manager", 404)],
)
def test_nobody_else_spreads(company, as_, person, status):
    url = reverse("case_new", args=[company.campaign.code, found_at(company).pk])
    assert as_(getattr(company, person)).post(url, {}).status_code == status


@pytest.mark.parametrize("person", ["center", "president", "executive", "lead", "admin"])
def test_the_company_reads_who_answered(company, case, as_, person):
    not_here(site_of(case, company.one), company.manager)
    page = as_(getattr(company, person)).get(case.get_absolute_url()).content.decode()
    assert "1 / 1 个项目已答复" in page
    assert "三部电梯都是干的" in page


@pytest.mark.parametrize("person", ["lead", "president", "admin"])
def test_only_the_center_ends_and_reminds(company, case, as_, person):
    for do in ("remind", "close", "withdraw"):
        posted = {"do": do, "reason": "x"}
        answer = as_(getattr(company, person)).post(case.get_absolute_url(), posted)
        assert answer.status_code == 403


def test_the_center_reminds_closes_and_says_why(company, case, as_):
    center = as_(company.center)
    assert (
        "已催办 1 个项目"
        in center.post(case.get_absolute_url(), {"do": "remind"}, follow=True).content.decode()
    )
    again = center.post(case.get_absolute_url(), {"do": "remind"})
    assert again.status_code == 422
    assert "一小时内只催一次" in again.content.decode()
    assert center.post(case.get_absolute_url(), {"do": "close"}).status_code == 422
    page = center.post(case.get_absolute_url(), {"do": "close", "reason": "够了"}, follow=True)
    assert "够了" in page.content.decode()


def test_a_project_comes_straight_to_its_own_answer(company, case, as_):
    answer = as_(company.manager).get(case.get_absolute_url())
    assert answer.url == site_url(case)


@pytest.mark.parametrize("person", ["other_manager"])
def test_who_was_not_asked_finds_nothing(company, case, as_, person):
    stranger = as_(getattr(company, person))
    for url in (case.get_absolute_url(), site_url(case), site_url(case, "P02")):
        assert stranger.get(url).status_code == 404


def test_a_project_does_not_see_anothers_answer(company, as_):
    case = ask(company, projects=[company.one, company.two])
    not_here(site_of(case, company.two), company.other_manager, note="我们没有")
    manager = as_(company.manager)
    assert manager.get(site_url(case, "P02")).status_code == 404
    live = manager.get(reverse("case_live", args=[company.campaign.code, case.pk]))
    assert "我们没有" not in live.content.decode()


@pytest.mark.parametrize(("person", "status"), [("worker", 403), ("head", 403), ("center", 403)])
def test_who_may_not_answer_reads(company, case, as_, person, status):
    reader = as_(getattr(company, person))
    assert "本项目的答复" not in reader.get(site_url(case)).content.decode()
    assert reader.post(site_url(case), {}).status_code == status


def answer_fields(**fields):
    return {"reply": "not_here", "note": "干的", "revision": "0"} | fields


def test_a_phone_answers_with_a_picture(company, case, as_):
    manager = as_(company.manager)
    page = manager.get(site_url(case)).content.decode()
    assert 'capture="environment"' in page
    page = manager.post(site_url(case), answer_fields(camera=picture()), follow=True)
    assert "本项目没有" in page.content.decode()
    assert CaseSite.objects.get(case=case).answers.get().note == "干的"


def test_found_on_the_page_leads_to_the_finding(company, case, as_):
    posted = answer_fields(reply="found", problem="2 号梯也有💧", due="2011-12-05", files=picture())
    page = as_(company.manager).post(site_url(case), posted, follow=True).content.decode()
    assert Finding.objects.get(project=company.one).get_absolute_url() in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"reply": ""},
        {"reply": "perhaps"},
        {},
        {"reply": "found", "problem": "", "due": "2011-12-05"},
        {"reply": "found", "problem": "有", "due": "2001-01-01"},
        {"reply": "found", "problem": "有", "due": "昨天"},
        {"reply": "found", "problem": "长" * 1001, "due": "2011-12-05"},
        {"reply": "found", "problem": "有", "due": "2011-12-05", "responsible": "99999"},
        {"revision": "x"},
    ],
)
def test_a_wrong_answer_stands_again_with_what_was_typed(company, case, as_, wrong):
    answer = as_(company.manager).post(site_url(case), answer_fields(note="写了很久🕒", **wrong))
    assert answer.status_code == 422
    assert "写了很久🕒" in answer.content.decode()
    assert "form-error" in answer.content.decode() or "note-error" in answer.content.decode()
    assert not Finding.objects.filter(project=company.one).exists()


def test_a_stale_page_is_told_and_may_then_be_sent(company, case, as_):
    not_here(site_of(case, company.one), company.manager, note="同事答的")
    manager = as_(company.manager)
    answer = manager.post(site_url(case), answer_fields(note="我写的", files=picture()))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "同事答的" in page
    assert "我写的" in page
    assert 'name="revision" value="1"' in page
    sent = manager.post(site_url(case), answer_fields(note="我写的", files=picture(), revision="1"))
    assert sent.status_code == 302


def test_a_broken_picture_is_said_in_words(company, case, as_):
    broken = SimpleUploadedFile("坏.jpg", b"no picture")
    answer = as_(company.manager).post(site_url(case), answer_fields(files=broken))
    assert answer.status_code == 422
    assert "不是可以上传的文件类型" in answer.content.decode()


def test_evidence_and_the_example_are_seen_by_who_is_asked(company, as_):
    finding = found_at(company, photos=[picture()])
    case = ask(company, finding)
    example = finding.photos.get().file
    not_here(site_of(case, company.one), company.manager)
    evidence = site_of(case, company.one).answers.get().files.get()
    manager, url = as_(company.manager), lambda file: reverse("file", args=[file.pk])
    assert manager.get(url(example)).status_code == 200
    assert as_(company.worker).get(url(evidence)).status_code == 200
    assert as_(company.other_manager).get(url(evidence)).status_code == 404


@pytest.mark.parametrize("query", ["?show=x", "?page=🔑", "?region=" + "x" * 300, "?q=%00'"])
def test_garbage_in_the_address_is_passed_over(company, case, as_, query):
    assert as_(company.center).get(case.get_absolute_url() + query).status_code == 200


@pytest.mark.parametrize("pk", [0, 10**18])
def test_an_unknown_case_is_not_found(company, case, as_, pk):
    url = reverse("case", args=[company.campaign.code, pk])
    assert as_(company.center).get(url).status_code == 404
    strange = reverse("case_new", args=[company.campaign.code, uuid.uuid4()])
    assert as_(company.center).get(strange).status_code == 404


def many(company, case, number):
    for n in range(number):
        held = cast.project(f"X{n}", f"项目{n}")
        Participation.objects.create(campaign=company.campaign, project=held)
        made = CaseSite.objects.create(case=case, project=held)
        made.case = case
        if n % 3:
            not_here(made, company.center)


@pytest.mark.parametrize("name", ["case", "case_live", "case_excel"])
def test_many_projects_ask_no_more(company, case, as_, name):
    not_here(site_of(case, company.one), company.manager)
    center, url = as_(company.center), reverse(name, args=[company.campaign.code, case.pk])
    few = queries_of(lambda: center.get(url))
    many(company, case, 24)
    assert queries_of(lambda: center.get(url)) == few


def test_many_cases_ask_no_more(company, case, as_):
    center, url = as_(company.center), reverse("cases", args=[company.campaign.code])
    few = queries_of(lambda: center.get(url))
    for _n in range(6):
        ask(company)
    assert queries_of(lambda: center.get(url)) == few
    assert "7 件正在答复" in center.get(url).content.decode()


def test_filters_count_and_narrow(company, case, as_):
    many(company, case, 6)
    center = as_(company.center)
    page = center.get(case.get_absolute_url() + "?show=unanswered").context["page"]
    assert page.counts == {"all": 7, "unanswered": 3, "not_here": 4, "found": 0, "late": 0}
    assert page.page.paginator.count == 3


def test_excel_has_what_the_filters_leave(company, case, as_):
    not_here(site_of(case, company.one), company.manager)
    url = reverse("case_excel", args=[company.campaign.code, case.pk])
    answer = as_(company.center).get(url + "?show=not_here")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[1][:5] == ("P01", "锦澜府", "高新", "本项目没有", "陈立群")
    assert len(rows) == 2


def test_my_work_has_it_until_it_is_answered(company, case, as_):
    manager = as_(company.manager)
    assert "10:00 前答复" in manager.get("/").content.decode()
    not_here(site_of(case, company.one), company.manager)
    assert "10:00 前答复" not in manager.get("/").content.decode()


def test_the_empty_list_says_how_a_case_comes(company, as_):
    url = reverse("cases", args=[company.campaign.code])
    assert "点“举一反三”" in as_(company.center).get(url).content.decode()
    assert "要本项目答复的会列在这里" in as_(company.manager).get(url).content.decode()
