"""Visits as both sides see them: the specialty's list, the project's word."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign import kept
from campaign.models import SupportVisit
from campaign.visit_counts import VisitCounts
from campaign.visits import confirm_visit, edit_visit, log_visit
from campaign.words import Scope
from tests import cast
from tests.queries import queries_of
from tests.uploads import picture

AT = cast.moment(2011, 11, 10, 10)
DAY = date(2011, 11, 9)


@pytest.fixture
def owed(company):
    milestone = cast.milestone(
        company.campaign, "on_site_support", scope=Scope.SPECIALTY, evidence=["visit_log"]
    )
    return cast.obligation(milestone, specialty=company.lines["customer_service"])


@pytest.fixture
def visit(owed, company):
    return logged(owed, company)


def logged(owed, company, project=None, found="前台无值班表"):
    project = project or company.one
    facts = {"day": DAY, "went": "孙浩", "found": found}
    return log_visit(obligation=owed, project=project, **facts, by=company.lead, at=AT)


@pytest.fixture
def ask(client):
    def asked(person, address, typed=None, **query):
        client.force_login(person)
        return client.post(address, typed) if typed is not None else client.get(address, query)

    return asked


def new(owed):
    return reverse("visit_new", args=[owed.campaign.code, owed.pk])


def text(response):
    return response.content.decode()


def typed_in(company, **more):
    return {
        "project": company.one.pk,
        "day": "2011-11-09",
        "went": "孙浩",
        "found": "前台无值班表",
    } | more


# Writing it down


def test_the_lead_is_offered_to_log_the_first_one(ask, owed, company):
    shown = text(ask(company.lead, owed.get_absolute_url()))
    assert new(owed) in shown and "还没有登记现场督导" in shown
    assert new(owed) not in text(ask(company.center, owed.get_absolute_url()))


def test_a_visit_is_logged_with_its_photos(ask, owed, company):
    answer = ask(company.lead, new(owed), typed_in(company, files=[picture(), picture("b.jpg")]))
    visit = SupportVisit.objects.get()
    assert answer["Location"] == visit.get_absolute_url()
    assert (visit.project, visit.day, visit.files.count()) == (company.one, DAY, 2)
    assert "等项目确认：锦澜府" in text(ask(company.lead, owed.get_absolute_url()))


def test_a_file_that_cannot_be_kept_is_named_and_the_visit_stays(ask, owed, company):
    program = picture("坏.jpg")
    program.file.seek(0)
    program.file.write(b"MZ")
    program.file.seek(0)
    answer = ask(company.lead, new(owed), typed_in(company, files=[program]))
    assert "坏.jpg" in text(ask(company.lead, answer["Location"]))
    assert SupportVisit.objects.get().found == "前台无值班表"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day": "2999-01-01"}, "督导日期不能晚于今天。"),
        ({"day": "2011-01-01"}, "才开始。"),
        ({"day": "昨天"}, "form-error"),
        ({"project": "999999"}, "form-error"),
        ({"went": "x" * 201}, "form-error"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(ask, owed, company, wrong, said):
    shown = text(ask(company.lead, new(owed), typed_in(company, **wrong)))
    assert said in shown
    assert "前台无值班表</textarea>" in shown
    assert not SupportVisit.objects.exists()


def test_only_the_specialtys_lead_logs(ask, owed, company):
    assert ask(company.center, new(owed), typed_in(company)).status_code == 403
    assert ask(company.manager, new(owed), typed_in(company)).status_code == 404
    exam = cast.milestone(company.campaign, "exam", scope=Scope.SPECIALTY)
    other = cast.obligation(exam, specialty=company.lines["customer_service"])
    assert ask(company.lead, new(other)).status_code == 404


# The project's word


def test_the_projects_leader_confirms(ask, visit, company):
    shown = text(ask(company.manager, visit.get_absolute_url()))
    assert "等您确认" in shown and 'value="confirm"' in shown
    ask(company.manager, visit.get_absolute_url(), {"move": "confirm", "revision": 1})
    visit.refresh_from_db()
    assert visit.confirmed_by == company.manager
    assert "项目已确认（陈立群）" in text(ask(company.lead, visit.get_absolute_url()))


def test_an_objection_without_a_reason_says_so(ask, visit, company):
    address = visit.get_absolute_url()
    shown = text(ask(company.manager, address, {"move": "dispute", "revision": 1}))
    assert "请写明有什么异议。" in shown
    typed = {"move": "dispute", "revision": 1, "reason": "当天没有来"}
    ask(company.manager, address, typed)
    assert "当天没有来" in text(ask(company.lead, address))
    assert "项目有异议，请修改或撤回" in text(ask(company.lead, address))


def test_a_reader_of_the_project_sees_it_without_a_button(ask, visit, company):
    for person in (company.worker, company.center):
        assert 'name="move"' not in text(ask(person, visit.get_absolute_url()))
        typed = {"move": "confirm", "revision": 1}
        assert ask(person, visit.get_absolute_url(), typed).status_code == 403
    assert ask(company.other_manager, visit.get_absolute_url()).status_code == 404
    assert ask(company.lead, visit.get_absolute_url(), {"move": "confirm"}).status_code == 403
    assert not SupportVisit.objects.confirmed().exists()


def test_who_objects_to_what_was_just_changed_keeps_the_words(ask, visit, company):
    edit_visit(visit=visit, changes={"found": "改过的"}, by=company.lead, at=AT)
    typed = {"move": "dispute", "revision": 1, "reason": "写了很久的异议"}
    answer = ask(company.manager, visit.get_absolute_url(), typed)
    shown = text(answer)
    assert answer.status_code == 409
    assert "改过的" in shown and "写了很久的异议</textarea>" in shown


def test_a_correction_that_lost_the_race_keeps_what_was_typed(ask, visit, company):
    confirm_visit(visit=visit, by=company.manager, at=AT)
    typed = typed_in(company, move="edit", revision=1, found="改成这样")
    answer = ask(company.lead, visit.get_absolute_url(), typed)
    assert answer.status_code == 409
    assert "改成这样" in text(answer)
    visit.refresh_from_db()
    assert visit.found == "前台无值班表"


def test_a_photo_is_added_and_taken_away(ask, visit, company):
    address = visit.get_absolute_url()
    ask(company.lead, address, typed_in(company, move="edit", revision=1, files=picture()))
    kept = visit.files.get()
    ask(company.lead, address, {"remove": kept.pk})
    assert not visit.files.filter(removed_at=None).exists()
    for wrong in ("x", "999999", "9" * 30):
        assert ask(company.lead, address, {"remove": wrong}).status_code == 404


def test_a_visit_is_withdrawn(ask, visit, company):
    ask(company.lead, visit.get_absolute_url(), {"move": "withdraw", "revision": 1})
    assert not SupportVisit.objects.standing().exists()
    assert "已撤回" in text(ask(company.lead, visit.get_absolute_url()))


# The list


def listed(ask, person, company, **query):
    return ask(person, reverse("visits", args=[company.campaign.code]), **query)


def names(response):
    return {visit.project.name for visit in response.context["page"]}


def test_a_project_sees_its_own_and_what_to_confirm(ask, owed, visit, company):
    logged(owed, company, company.two)
    page = listed(ask, company.manager, company)
    assert names(page) == {"锦澜府"}
    assert "1 次督导等您确认" in text(page) and "去确认" in text(page)


def test_the_company_sees_all_and_narrows(ask, owed, visit, company):
    confirm_visit(visit=visit, by=company.manager, at=AT)
    logged(owed, company, company.two)
    assert names(listed(ask, company.center, company)) == {"锦澜府", "翠屏苑"}
    assert names(listed(ask, company.center, company, state="confirmed")) == {"锦澜府"}
    assert names(listed(ask, company.center, company, q="翠屏")) == {"翠屏苑"}
    assert names(listed(ask, company.center, company, specialty="order")) == set()
    odd = listed(ask, company.center, company, state="x", specialty="y", page="z")
    assert names(odd) == {"锦澜府", "翠屏苑"}
    assert "2 次督导，项目已确认 1 次" in text(odd)


def test_what_is_confirmed_is_counted_on_from_what_is_kept(ask, owed, visit, company):
    """Of campaigns with many projects, where counting all takes longest."""
    disputed = logged(owed, company, company.two)
    SupportVisit.objects.filter(pk=disputed.pk).update(disputed_at=AT)
    logged(owed, company, company.two, found="无巡查")
    now = timezone.now()
    for days, found in enumerate([visit, logged(owed, company, company.two, found="无记录")]):
        confirmed_at = now - timedelta(days=3 * days, minutes=1)
        SupportVisit.objects.filter(pk=found.pk).update(confirmed_at=confirmed_at)
    counts = [(timedelta(minutes=2), (10, 8)), (timedelta(minutes=20), (4, 2))]
    for ago, (total, confirmed) in counts:  # a count that is too old is none
        kept.keep(company.campaign, "visits", {"confirmed": {"number": 7}}, at=now - ago)
        shown = listed(ask, company.center, company).context["found"].counts
        assert shown == VisitCounts(to_confirm=1, disputed=1, confirmed=confirmed)
        assert shown.total == total
    kept.count_kept(company.campaign, at=now)
    assert listed(ask, company.center, company).context["found"].counts.total == 4
    # confirmed before the count, and committed after it
    disputes = SupportVisit.objects.filter(pk=disputed.pk)
    disputes.update(confirmed_at=now - timedelta(seconds=20))
    shown = listed(ask, company.center, company).context["found"].counts
    assert shown == VisitCounts(to_confirm=1, disputed=0, confirmed=3)


def test_an_empty_list_says_how_visits_get_there(ask, company):
    assert "专业负责人在自己的督导任务里登记" in text(listed(ask, company.manager, company))


@pytest.mark.parametrize(
    ("language", "said", "drop"),
    [("zh-hans", "没有符合筛选的督导", "去掉筛选"), ("en", "No visits match", "Clear filters")],
)
def test_filters_that_match_nothing_are_said_to_and_dropped(
    ask, visit, company, language, said, drop
):
    company.center.language = language
    company.center.save()
    page = listed(ask, company.center, company, q="没有这样的项目")
    every = reverse("visits", args=[company.campaign.code])
    assert f"<h1>{said}</h1>" in text(page)
    assert f'href="{every}">{drop}' in text(page)
    assert drop not in text(listed(ask, company.center, company))


@pytest.mark.parametrize("where", ["list", "obligation"])
def test_more_visits_ask_no_more_of_the_database(
    ask, owed, visit, company, where, django_assert_num_queries
):
    def opened():
        if where == "list":
            return listed(ask, company.lead, company)
        return ask(company.lead, owed.get_absolute_url())

    few = queries_of(opened)
    for number in range(12):
        logged(owed, company, company.two, found=f"第{number}次")
    with django_assert_num_queries(few):
        shown = opened().context
        assert len(shown.get("page") or shown["visits"]) == 13
