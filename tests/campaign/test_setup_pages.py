"""The pages of a campaign's set-up: dates, participating projects, and a clone by hand."""

from datetime import date

import pytest
from django.urls import reverse

from campaign.dates import set_dates
from campaign.lifecycle import submit_campaign
from campaign.models import Campaign
from organization.history import history_of
from tests import cast
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
AT = cast.moment(2011, 9, 1)


@pytest.fixture
def draft(company):
    made = cast.campaign("draft", started=False, projects=[company.one])
    cast.milestone(made)
    return made


@pytest.fixture
def dates(client, company):
    """The editor of dates as somebody's page: `dates.open(campaign)`, `dates.send(campaign, …)`."""
    return Editor(client, company.center)


class Editor:
    def __init__(self, client, person):
        self.client, self.person = client, person

    def url(self, campaign):
        return reverse("setup_dates", args=[campaign.code])

    def open(self, campaign, person=None):
        self.client.force_login(person or self.person)
        return self.client.get(self.url(campaign))

    def as_shown(self, campaign):
        """What the browser would send of the untouched page."""
        page = self.open(campaign).context["page"]
        typed = {"seen": page.seen, "do": "save"}
        for row in page.rows:
            typed |= {field.name: field.value for field in (row.start, row.end)}
            typed |= {each.due.name: each.due.value for each in row.milestones}
        typed["gate"] = [m.milestone.code for row in page.rows for m in row.milestones if m.is_gate]
        return typed

    def send(self, campaign, typed=None, person=None, **changes):
        typed = (typed or self.as_shown(campaign)) | changes
        self.client.force_login(person or self.person)
        return self.client.post(self.url(campaign), typed)


def text(response):
    return response.content.decode()


def test_the_editor_shows_every_date_with_its_weekday_and_what_looks_wrong(dates, draft):
    shown = text(dates.open(draft))
    assert 'name="start-mobilize" type="date" value="2011-09-25"' in shown
    assert "周日" in shown
    assert "与上一阶段之间空 30 天" in shown


def test_the_check_says_what_looks_wrong_and_keeps_nothing(dates, draft):
    response = dates.send(draft, **{"due-project_kickoff": "2011-09-01", "do": "check"})
    assert "早于专项工作第一天 24 天" in text(response)
    assert 'value="2011-09-01"' in text(response)
    assert draft.milestones.get().due == date(2011, 10, 10)


def test_saving_moves_dates_and_gates_together(dates, draft):
    response = dates.send(draft, **{"due-project_kickoff": "2011-10-12", "gate": []})
    assert response["Location"] == dates.url(draft)
    milestone = draft.milestones.get()
    assert (milestone.due, milestone.is_gate) == (date(2011, 10, 12), False)
    assert {entry.verb for entry in history_of(draft)} == {"set_dates", "set_gates"}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("end-inspect", "2011-11-20", "阶段的结束不能早于开始。"),
        ("due-project_kickoff", "", "请填写日期。"),
        ("due-project_kickoff", "明天<b>", "请写成 2027-09-25 这样的日期。"),
        ("due-project_kickoff", "2011-02-30", "请写成 2027-09-25 这样的日期。"),
        ("start-inspect", "0999-01-01", "日期要在 2000 年和 2100 年之间。"),
    ],
)
def test_what_is_no_date_is_said_beside_it_and_everything_typed_stays(
    dates, draft, field, typed, said
):
    response = dates.send(draft, **{"start-summary": "2011-12-28", field: typed})
    assert response.status_code == 422
    assert said in text(response)
    assert "没有保存：有 1 处要改。" in text(response) and f'href="#{field}"' in text(response)
    assert 'value="2011-12-28"' in text(response)
    assert "<b>" not in text(response).partition("明天")[2][:20]
    assert draft.phases.get(code="summary").start == date(2011, 12, 29)


def test_of_two_who_edit_at_once_both_versions_stand_on_the_page(dates, draft):
    typed = dates.as_shown(draft) | {"due-project_kickoff": "2011-10-14"}
    theirs = {"project_kickoff": date(2011, 10, 12)}
    set_dates(campaign=draft, phases={}, milestones=theirs, by="command", at=AT)
    response = dates.send(draft, typed)
    assert response.status_code == 409
    assert 'value="2011-10-14"' in text(response)
    assert "现在存的是 2011年10月12日 周三" in text(response)
    dates.send(draft, typed, seen=response.context["page"].seen)
    assert draft.milestones.get().due == date(2011, 10, 14)


def test_after_the_start_a_reason_is_asked_for_beside_its_field(dates, company):
    cast.milestone(company.campaign)
    changed = {"due-project_kickoff": "2011-10-12"}
    response = dates.send(company.campaign, **changed)
    assert "方案已经批准，改日期请写明理由。" in text(response)
    dates.send(company.campaign, **changed, reason="国庆“放假”🎉")
    assert history_of(company.campaign).get().reason == "国庆“放假”🎉"


def test_while_the_president_is_asked_the_fields_are_locked(dates, draft, company):
    submit_campaign(campaign=draft, by=company.center, at=AT)
    shown = text(dates.open(draft))
    assert "正在等总经理批准" in shown and "<fieldset disabled>" in shown
    response = dates.send(draft, **{"due-project_kickoff": "2011-10-12"})
    assert response.status_code == 422
    assert draft.milestones.get().due == date(2011, 10, 10)


def test_only_the_center_edits_dates(dates, draft, company):
    for reader in (company.president, company.lead, company.executive, company.admin):
        assert dates.open(draft, reader).status_code == 403
    assert dates.open(draft, company.manager).status_code == 404
    assert dates.open(company.campaign, company.manager).status_code == 403


def test_many_milestones_ask_no_more_of_the_database(dates, draft, django_assert_num_queries):
    few = queries_of(lambda: dates.open(draft))
    for number in range(30):
        cast.milestone(draft, f"m{number}")
    with django_assert_num_queries(few):
        dates.open(draft)


# Participating projects


@pytest.fixture
def projects(client, company):
    def visit(campaign, typed=None, person=None, query=""):
        client.force_login(person or company.center)
        url = reverse("setup_projects", args=[campaign.code]) + query
        return client.get(url) if typed is None else client.post(url, typed)

    return visit


def taking_part(campaign):
    return set(campaign.projects.values_list("code", flat=True))


def test_the_list_says_who_takes_part_and_filters_stand_in_the_address(projects, draft):
    shown = projects(draft).context["shown"]
    assert [(tab.code, tab.count) for tab in shown.tabs] == [("all", 2), ("in", 1), ("out", 1)]
    page = projects(draft, query="?show=out&q=翠").context["shown"].page
    assert [row.project.code for row in page] == ["P02"]
    assert "没有符合条件的项目" in text(projects(draft, query="?q=无此项目"))


@pytest.mark.parametrize("query", ["?page=x&show=x&region=x", "?q=%00", "?page=-1", "?page=9999"])
def test_garbage_in_the_address_is_passed_over(projects, draft, query):
    assert projects(draft, query=query).context["shown"].tabs


def test_ticked_projects_enter(projects, draft, company):
    response = projects(draft, {"do": "enter", "project": [company.one.pk, company.two.pk]})
    assert response.status_code == 302
    assert taking_part(draft) == {"P01", "P02"}


def test_all_that_the_filter_leaves_enter_with_one_button(projects, draft):
    cast.project("P03", "湖岸北里")
    cast.project("P04", "停管项目", is_active=False)
    projects(draft, {"do": "enter_all"}, query="?q=湖岸")
    assert taking_part(draft) == {"P01", "P03"}
    projects(draft, {"do": "enter_all"})
    assert taking_part(draft) == {"P01", "P02", "P03"}


def test_ticked_projects_leave_a_draft(projects, draft, company):
    projects(draft, {"do": "leave", "project": [company.one.pk]})
    assert taking_part(draft) == set()


def test_what_a_project_lacks_is_kept_and_on_record(projects, draft, company):
    order = company.lines["order"]
    projects(draft, {"do": "lacks", "row": [company.one.pk], f"lacks-{company.one.pk}": [order.pk]})
    assert list(draft.participations.get().lacks.all()) == [order]
    assert history_of(draft).get(verb="set_lacks").detail["lacks"] == ["order"]


def test_a_refusal_shows_every_tick_again(projects, company):
    running = company.campaign
    kickoff = cast.obligation(cast.milestone(running), project=company.one)
    kickoff.note = "已开会"
    kickoff.save()
    order = str(company.lines["order"].pk)
    typed = {
        "do": "leave",
        "project": [company.one.pk],
        "row": [company.two.pk],
        f"lacks-{company.two.pk}": [order],
    }
    response = projects(running, typed)
    assert response.status_code == 422
    assert "已经有填报或检查记录，不能退出：锦澜府。" in text(response)
    rows = {row.project.code: row for row in response.context["shown"].page}
    assert rows["P01"].ticked
    assert [lack.value for lack in rows["P02"].lacks if lack.checked] == [order]
    assert taking_part(running) == {"P01", "P02"}
    assert not running.participations.get(project=company.two).lacks.exists()


@pytest.mark.parametrize("typed", ["x", "99999999999999999999", "-1", "<b>", ""])
def test_garbage_ids_are_passed_over(projects, draft, typed):
    response = projects(draft, {"do": "enter", "project": [typed], "row": [typed]})
    assert "请先勾选还没参加的项目。" in text(response)


def test_the_center_and_the_administrator_choose_who_takes_part(projects, draft, company):
    assert projects(draft, person=company.admin).status_code == 200
    for reader in (company.president, company.lead):
        assert projects(draft, person=reader).status_code == 403
        assert projects(draft, {"do": "enter_all"}, person=reader).status_code == 403
    assert projects(draft, person=company.manager).status_code == 404


def test_many_projects_ask_no_more_of_the_database_and_come_in_pages(
    projects, draft, company, django_assert_num_queries
):
    few = queries_of(lambda: projects(draft))
    for number in range(60):
        one = cast.project(f"N{number:02}", f"新{number}")
        draft.participations.create(project=one).lacks.add(company.lines["order"])
    with django_assert_num_queries(few):
        shown = projects(draft).context["shown"]
    assert (len(shown.page), shown.page.paginator.num_pages) == (50, 2)


# A clone by hand


def clone(client, person, **typed):
    client.force_login(person)
    return client.post(reverse("campaigns"), {"code": "c12", "year": "2012"} | typed)


def test_the_center_takes_an_earlier_campaign_as_its_ground(client, company):
    response = clone(client, company.center, source="c11")
    made = Campaign.objects.get(code="c12")
    assert response["Location"] == made.get_absolute_url()
    assert taking_part(made) == {"P01", "P02"}


def test_a_source_that_is_none_is_said_beside_its_field(client, company):
    response = clone(client, company.center, source="nope'; --")
    assert response.context["form"].errors["source"] == ["没有这次专项工作。"]
    assert 'value="c12"' in text(response)


def test_the_set_up_is_listed_for_the_center_only(client, draft, company):
    client.force_login(company.center)
    shown = text(client.get(draft.get_absolute_url()))
    assert reverse("setup_dates", args=["draft"]) in shown
    assert "1 个项目参加" in shown
    client.force_login(company.president)
    assert reverse("setup_dates", args=["draft"]) not in text(client.get(draft.get_absolute_url()))
