"""What stands in calendars, and that strict programs read it."""

import unicodedata
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.feeds.calendars import as_ics, uid_of
from campaign.feeds.changes import shown_now
from campaign.feeds.entries import Entry
from campaign.feeds.mine import SEVERAL
from campaign.feeds.opening import make_feed
from campaign.feeds.reading import read_feed
from campaign.models import CalendarFeed
from campaign.registry import DUE_SOURCES, THING_WORDS
from tests import cast
from tests.campaign.duties import Duties
from tests.campaign.icalendars import events_of
from tests.queries import queries_of

DUE = date(2011, 11, 28)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def duties(company, lend):
    made = Duties(company.campaign)
    lend(DUE_SOURCES, made)
    return made


@pytest.fixture
def read(company):
    """`read(person)`: the events of that person's calendar, or of a project's that they have."""

    def events(person, project=None, at=cast.NOW):
        feed = make_feed(person=person, project=project, by=person, at=at)
        return events_of(read_feed(CalendarFeed.objects.get(pk=feed.pk), at=at).ics)

    return events


def phases_in(events):
    return [event for thing, event in events.items() if thing.startswith("phase:")]


# --- one's own deadlines -----------------------------------------------------------------


def test_what_a_person_owes_stands_on_its_day_and_leads_to_the_thing(company, duties, read):
    duties.owe("a", DUE, company.manager, title="提交会议纪要")
    event = read(company.manager)["duty:a"]
    assert (event.start, event.end) == (DUE, DUE + timedelta(days=1))
    assert event.summary == "提交会议纪要"
    assert event.url == "http://127.0.0.1:8000/things/a/"
    assert event.url in event.description


def test_nobody_elses_deadlines(company, duties, read):
    duties.owe("a", DUE, company.other_manager)
    assert "duty:a" not in read(company.manager)


def test_the_campaigns_phases_with_their_last_day(company, read):
    phase = company.campaign.phases.get(code="mobilize")
    event = read(company.manager)[f"phase:{phase.pk}"]
    assert (event.start, event.end) == (date(2011, 9, 25), date(2011, 10, 16))
    assert event.summary == "动员宣讲阶段"


def test_nothing_of_campaigns_that_do_not_run(company, duties, read):
    duties.owe("a", DUE, company.manager)
    company.campaign.closed_at = cast.NOW
    company.campaign.save()
    assert read(company.manager) == {}


def test_real_obligations_of_every_running_campaign(company, read):
    more = cast.campaign("c12", projects=[company.one])
    owed = [
        cast.obligation(cast.milestone(campaign), project=company.one)
        for campaign in (company.campaign, more)
    ]
    assert {each.thing for each in owed} <= set(read(company.manager))


def test_overdue_says_so_from_the_next_day_on(company, duties, read):
    duties.owe("a", DUE, company.manager, title="纪要")
    on_the_day = cast.moment(2011, 11, 28, 23, 59)
    assert read(company.manager, at=on_the_day)["duty:a"].summary == "纪要"
    assert read(company.manager, at=on_the_day + MINUTE)["duty:a"].summary == "【已逾期】纪要"


def test_in_the_persons_language(company, duties, read):
    company.manager.language = "en"
    company.manager.save()
    duties.owe("a", date(2011, 11, 1), company.manager, title="minutes")
    events = read(company.manager)
    assert events["duty:a"].summary == "[Overdue] minutes"
    assert "Mobilisation phase" in {each.summary for each in phases_in(events)}


def test_many_of_a_kind_on_one_day_are_one_event(company, duties, read, monkeypatch):
    monkeypatch.setitem(THING_WORDS, "duty", "事情")
    for number in range(SEVERAL + 1):
        duties.owe(str(number), DUE, company.manager)
    duties.owe("alone", DUE + timedelta(days=1), company.manager)
    found = {k: v for k, v in read(company.manager).items() if k.startswith("duty")}
    assert set(found) == {f"duty:{company.campaign.pk}:2011-11-28", "duty:alone"}
    assert found[f"duty:{company.campaign.pk}:2011-11-28"].summary == "6 项事情到期"


def test_who_owes_nothing_anywhere_still_has_a_calendar_that_programs_take(company, read):
    company.campaign.delete()
    assert read(company.worker) == {}


# --- a project's -------------------------------------------------------------------------


def test_a_projects_obligations_the_done_ones_as_such(company, read):
    owed = cast.obligation(cast.milestone(company.campaign), project=company.one)
    cast.obligation(owed.milestone, project=company.two)
    owed.submitted_at = owed.accepted_at = cast.moment(2011, 10, 9)
    owed.save()
    events = read(company.worker, company.one)
    (thing,) = [thing for thing in events if thing.startswith("obligation:")]
    assert thing == owed.thing
    assert events[thing].summary == "【已通过】各项目召开动员会，正式启动"
    assert events[thing].start == date(2011, 10, 10)


def test_a_closed_campaign_stays_for_a_year(company, read):
    owed = cast.obligation(cast.milestone(company.campaign), project=company.one)
    company.campaign.closed_at = cast.NOW
    company.campaign.save()
    assert owed.thing in read(company.center, company.one, at=cast.NOW + timedelta(days=364))
    assert read(company.center, company.one, at=cast.NOW + timedelta(days=366)) == {}


# --- what changes ------------------------------------------------------------------------


def test_a_moved_deadline_is_a_newer_version_of_the_same_event(company, duties, read):
    duties.owe("a", DUE, company.manager)
    first = read(company.manager)["duty:a"]
    duties.owe("a", DUE + timedelta(days=2), company.manager)
    moved = read(company.manager, at=cast.NOW + MINUTE)["duty:a"]
    assert (first.sequence, moved.sequence) == (0, 1)
    assert moved.changed_at == first.changed_at + MINUTE
    assert moved.start == DUE + timedelta(days=2)


def test_what_did_not_change_stays_as_it_was(company, duties, read):
    duties.owe("a", DUE, company.manager)
    first = read(company.manager)["duty:a"]
    assert read(company.manager, at=cast.NOW + MINUTE)["duty:a"] == first


def test_what_is_done_vanishes_and_comes_back_as_the_same(company, duties, read):
    duties.owe("a", DUE, company.manager)
    read(company.manager)
    duties.finish("a")
    assert "duty:a" not in read(company.manager, at=cast.NOW + MINUTE)
    duties.owe("a", DUE + timedelta(days=3), company.manager)
    assert read(company.manager, at=cast.NOW + 2 * MINUTE)["duty:a"].sequence == 1


def test_what_was_away_for_long_is_forgotten():
    entry = Entry("duty:a", "纪要", "/", DUE, DUE, "任务")
    before = shown_now([entry], {}, at=cast.NOW).as_data()
    gone = shown_now([], before, at=cast.NOW + timedelta(days=2))
    assert list(gone.versions) == ["duty:a"]
    assert not shown_now([], gone.as_data(), at=cast.NOW + timedelta(days=500)).versions


# --- what it costs -----------------------------------------------------------------------


def test_ones_own_calendar_asks_as_often_for_much(company):
    def costs(*numbers):
        for number in numbers:
            owed = cast.milestone(company.campaign, f"m{number}", due=DUE + timedelta(days=number))
            cast.obligation(owed, project=company.one)
        return queries_of(partial(reread, company.manager))

    assert costs(1) == costs(2, 3, 4)


@pytest.mark.parametrize("count", [1, 4])
def test_a_projects_calendar_asks_as_often_for_much(company, count):
    for number in range(count):
        cast.obligation(cast.milestone(company.campaign, f"m{number}"), project=company.one)
    # the feed twice, campaigns, obligations, findings, announced visits, what it showed
    assert queries_of(partial(reread, company.manager, company.one)) == 7


def reread(person, project=None):
    """As the address answers: nothing is known from before."""
    feeds = CalendarFeed.objects.select_related("person", "project")
    if not feeds.exists():
        make_feed(person=person, project=project, by=person, at=cast.NOW)
    read_feed(feeds.get(), at=cast.NOW)


# --- any text at all ---------------------------------------------------------------------

LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def written(*titles) -> bytes:
    entries = [Entry(f"duty:{n}", title, "/", DUE, DUE, "任务") for n, title in enumerate(titles)]
    shown = shown_now(entries, {}, at=cast.NOW)
    return as_ics(uid="calendar-1", name=titles[0], entries=entries, versions=shown.versions)


@given(LINES)
def test_every_text_comes_out_as_it_went_in(title):
    events = events_of(written(title))
    assert events["duty:0"].summary == visible(title)


@pytest.mark.parametrize(
    "title",
    [
        "长" * 200,
        '“引号”和"quotes"，逗号,分号;反斜杠\\n、冒号：:',
        "👩‍👩‍👧‍👦🎉" * 30,
        "BEGIN:VEVENT\r\nSUMMARY:forged\r\nEND:VEVENT",
        "\x00\x07\x1b[31m红\x7f",
        "",
    ],
)
def test_texts_that_break_calendars_do_not(title):
    events = events_of(written(title, "另一件"))
    assert events["duty:0"].summary == visible(title)
    assert len(events) == 2


def visible(title: str) -> str:
    """What people see of a text: on one line, without control characters."""
    words = " ".join(title.split())
    return "".join(c for c in words if unicodedata.category(c) != "Cc")


def test_the_same_calendar_is_the_same_bytes():
    assert written("纪要", "照片") == written("纪要", "照片")


def test_names_are_this_installations_and_never_too_long(settings):
    settings.SITE_URL = "https://pinzhi.example.com:8443"
    assert uid_of("obligation:12") == "obligation:12@pinzhi.example.com"
    settings.SITE_URL = f"https://{'a.' * 126}com"
    assert len(uid_of("x" * 60)) == 255
