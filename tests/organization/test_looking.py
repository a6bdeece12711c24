"""An administrator looks as somebody else: banner, both on record, nothing written."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from campaign.models import Message
from organization.history import history_of
from organization.models import HistoryEntry, SavedView, SignedIn, User
from tests import cast

pytestmark = pytest.mark.django_db
BEGIN, END, ME = reverse("look_as"), reverse("look_end"), reverse("me")
WHY = "他说打不开评分表"


@pytest.fixture
def company():
    return cast.company()


@pytest.fixture
def admin(company, client):
    client.force_login(company.admin)
    return company.admin


def look(client, person, reason=WHY):
    return client.post(BEGIN, {"username": person.username, "reason": reason})


def test_the_pages_are_the_persons_under_a_banner(client, company, admin):
    assert look(client, company.manager).url == "/"
    page = client.get(ME)
    assert page.context["request"].user == company.manager
    assert f"{admin}，您在以 {company.manager}（" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get(reverse("timeline", args=["c11"])).status_code == 200
    assert client.get(BEGIN).status_code == 403, "that is no page of theirs"
    assert SignedIn.objects.get().user == admin


def test_one_button_ends_it_and_both_are_on_record(client, company, admin):
    look(client, company.manager)
    client.post(END)
    page = client.get(ME)
    assert (page.context["request"].user, "您在以" in page.content.decode()) == (admin, False)
    ended, began = history_of(company.manager)[:2]
    assert (began.verb, began.by, began.reason) == ("look_as", admin, WHY)
    assert (ended.verb, ended.by) == ("look_end", admin)


@pytest.mark.parametrize("person", ["president", "executive", "center", "admin"])
def test_who_decides_and_sees_amounts_is_not_looked_at(client, company, admin, person):
    answer = look(client, getattr(company, person))
    assert (answer.status_code, "不能代看" in answer.content.decode()) == (422, True)
    assert not HistoryEntry.objects.filter(verb="look_as").exists()


@pytest.mark.parametrize("username, reason", [("nobody", WHY), ("", WHY), (None, "看看")])
def test_it_takes_a_person_and_a_reason(client, company, admin, username, reason):
    named = company.manager.username if username is None else username
    answer = client.post(BEGIN, {"username": named, "reason": reason})
    assert answer.status_code == 422
    assert f'value="{reason}"' in answer.content.decode()


def begin(client, words):
    return client.post(BEGIN, {"username": f" {words} ", "reason": WHY})


def test_a_name_does_where_one_person_alone_has_it(client, company, admin):
    assert begin(client, company.manager.name).url == "/"
    assert client.get(ME).context["request"].user == company.manager


def test_of_several_by_a_name_it_says_who_they_are(client, company, admin):
    User.objects.filter(pk=company.worker.pk).update(name=company.manager.name)
    answer = begin(client, company.manager.name)
    text = answer.content.decode()
    assert answer.status_code == 422
    for person in (company.manager, company.worker):
        (post,) = person.current_posts
        assert f"{person.username}（{post}）" in text
    assert not HistoryEntry.objects.filter(verb="look_as").exists()


def test_a_username_goes_before_a_name(client, company, admin):
    User.objects.filter(pk=company.worker.pk).update(name=company.manager.username)
    assert begin(client, company.manager.username).url == "/"
    assert client.get(ME).context["request"].user == company.manager


def test_nobody_else_may(client, company):
    client.force_login(company.center)
    assert look(client, company.manager).status_code == 403


def test_no_form_and_no_call_is_taken(client, company, admin):
    look(client, company.manager)
    sent = {"page": "findings", "name": "我的", "query": "q=1"}
    assert client.post(reverse("saved_views"), sent).status_code == 403
    assert client.post("/api/v1/events", [], content_type="application/json").status_code == 403
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["my_tokens", "my_data", "my_factors", "inbox", "admin:index"])
def test_what_is_a_persons_alone_stays_closed(client, company, admin, name):
    look(client, company.manager)
    assert client.get(reverse(name)).status_code == 403


def test_amounts_stay_closed(client, company, admin):
    look(client, company.manager)
    for page in (reverse("notices", args=["c11"]), reverse("explain", args=["c11", "P01"])):
        assert client.get(page).status_code == 403


def test_a_page_that_would_note_something_is_refused(client, company, admin, monkeypatch):
    """As if the message were no closed page: the connection itself takes no writing."""
    monkeypatch.setattr("organization.looking.CLOSED", set())
    monkeypatch.setattr("organization.middleware.CLOSED", set())
    about = {"url": "/", "sent_at": timezone.now(), "campaign": company.campaign}
    message = Message.objects.create(person=company.manager, **about)
    look(client, company.manager)
    with transaction.atomic():  # whose end undoes what was begun
        answer = client.get(reverse("message", args=[message.pk]))
    assert answer.status_code == 403
    message.refresh_from_db()
    assert message.read_at is None


def test_it_ends_by_itself(client, company, admin):
    look(client, company.manager)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get(ME).context["request"].user == admin
    assert history_of(company.manager)[0].verb == "look_end"


def test_it_ends_with_the_post_that_allowed_it(client, company, admin):
    look(client, company.manager)
    User.objects.get(pk=admin.pk).posts.update(until=timezone.now().date())
    assert client.get(ME).context["request"].user == admin


def test_the_language_is_the_administrators(client, company, admin):
    look(client, company.manager)
    client.post(reverse("language"), {"language": "en"})
    company.manager.refresh_from_db()
    admin.refresh_from_db()
    assert (company.manager.language, admin.language) == ("", "en")


def test_what_is_closed_says_why_and_leads_back(client, company, admin):
    look(client, company.manager)
    page = client.get(reverse("inbox"))
    words = page.content.decode()
    assert page.status_code == 403
    assert "这一步不开放" in words and reverse("look_end") in words
