"""What is written by hand in the admin site leaves a record: who, what, from where, old and new."""

import pytest
from django.contrib import admin
from django.urls import reverse

from campaign.seals import seal_older
from organization.history import VERBS, history_of, record
from organization.models import HistoryEntry, Post, Project, User
from organization.origin import coming_from
from organization.recorded_admin import RecordedAdmin
from rewards.models import RewardRule
from tests import cast
from tests.portal.evidence import verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(client):
    made = cast.company()
    client.force_login(made.admin)
    return made


def sent(thing, **changes) -> dict:
    """A change form as the browser sends it: what stands there, and what was typed."""
    values = {f.name: f.value_from_object(thing) for f in thing._meta.concrete_fields}
    return {name: "" if value is None else value for name, value in (values | changes).items()}


def address(thing, verb="change") -> str:
    return reverse(f"admin:{thing._meta.label_lower.replace('.', '_')}_{verb}", args=[thing.pk])


def test_who_may_write_by_hand_leaves_a_record():
    """Every model of ours that the admin site lets anybody write has the recording in it."""
    lacking = [
        model._meta.label
        for model, site in admin.site._registry.items()
        if site.__class__.save_model is admin.ModelAdmin.save_model
        and type(site).has_change_permission is admin.ModelAdmin.has_change_permission
    ]
    # a score sheet is filled by the same functions as on the phone
    assert lacking == ["inspections.ScoreSheet"]
    assert not {"admin_add", "admin_change", "admin_delete"} - VERBS.keys()
    assert all(isinstance(admin.site._registry[m], RecordedAdmin) for m in (Project, User, Post))


def test_a_change_by_hand_says_what_stood_there_before(client, firm):
    changed = sent(firm.one, name="新名称", region="东区")
    client.post(address(firm.one), changed, REMOTE_ADDR="192.0.2.7")
    entry = history_of(firm.one).get()
    before = firm.one.name
    assert entry.detail["changes"]["name"] == [before, "新名称"]
    about = (entry.verb, entry.by, entry.way, entry.address)
    assert about == ("admin_change", firm.admin, "admin", "192.0.2.7")


def test_a_form_that_changes_nothing_leaves_none(client, firm):
    client.post(address(firm.one), sent(firm.one))
    assert not history_of(firm.one).exists()


def test_a_new_post_and_its_end_by_hand(client, firm):
    data = {"user": firm.worker.pk, "role": "team_leader", "project": firm.one.pk}
    client.post(reverse("admin:organization_post_add"), data)
    post = Post.objects.get(user=firm.worker, role="team_leader")
    client.post(address(post, "delete"), {"post": "yes"})
    entries = HistoryEntry.objects.filter(object_id=str(post.pk)).order_by("pk")
    assert [entry.verb for entry in entries] == ["admin_add", "admin_delete"]
    assert entries[1].detail["was"]["role"] == "team_leader"


def test_posts_on_a_persons_page(client, firm):
    person, post = firm.worker, firm.worker.posts.get()
    form = {
        "username": person.username, "name": "改名", "email": person.email, "is_active": "on",
        "posts-TOTAL_FORMS": 1, "posts-INITIAL_FORMS": 1,
    }  # fmt: skip
    row = sent(post, department="工程部")
    form |= {f"posts-0-{name}": value for name, value in row.items()}
    client.post(address(person), form)
    assert history_of(person).get().detail["changes"]["name"][1] == "改名"
    assert history_of(post).get().detail["changes"]["department"][1] == "工程部"


def test_a_new_password_is_on_record_without_itself(client, firm):
    page = reverse("admin:auth_user_password_change", args=[firm.worker.pk])
    typed = {"password1": "Xy-2011-abcd", "password2": "Xy-2011-abcd", "usable_password": "true"}
    client.post(page, typed)
    entry = history_of(firm.worker).get()
    assert (entry.verb, entry.detail) == ("set_password", {})


def test_a_password_that_is_taken_away_is_called_so(client, firm):
    page = reverse("admin:auth_user_password_change", args=[firm.worker.pk])
    client.post(page, {"usable_password": "false", "unset-password": "1"})
    entry = history_of(firm.worker).get()
    assert (entry.verb, entry.by) == ("take_password", firm.admin)


def test_a_reward_rule_written_by_hand_is_sealed(client, firm):
    seal_older(campaign=firm.campaign, by="command", at=cast.NOW)
    client.force_login(firm.center)
    User.objects.filter(pk=firm.center.pk).update(is_staff=True)
    data = {"campaign": firm.campaign.pk, "band": "good", "role": "project_manager", "amount": 5}
    client.post(reverse("admin:rewards_rewardrule_add"), data)
    rule = RewardRule.objects.get()
    assert history_of(rule).get().detail["changes"]["amount"] == ["", "5"]
    assert verified() == []


def test_a_command_and_a_task_say_which_they_are(firm):
    with coming_from("task", via="campaign.tasks.tick"):
        entry = record(on=firm.campaign, verb="set_dates", by="schedule", at=cast.NOW)
    assert (entry.way, entry.via, entry.address) == ("task", "campaign.tasks.tick", None)
    after = record(on=firm.campaign, verb="set_dates", by="command", at=cast.NOW)
    assert after.way == ""
