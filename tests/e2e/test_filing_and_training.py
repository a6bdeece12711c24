"""Reminding from the filing matrix, and attendance taken on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from campaign.models import Campaign, Message
from inspections.models import Attendance
from inspections.trainings import plan_training
from organization.models import User
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    return settle_in("inspect")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_a_row_is_reminded_from_the_matrix(world, sign_in, look, screen):
    page = sign_in("center", screen)
    page.get_by_role("link", name="报送", exact=True).first.click()
    look(page, f"matrix-{screen}")
    assert fits(page)
    page.locator("button[name=subject]").first.click()
    expect(page.locator(".note").first).to_contain_text("已提醒")
    expect(page.locator(".mx-note").first).to_have_text("今天已提醒")
    assert Message.objects.filter(title__startswith="逾期").exists()


def test_taps_are_kept_at_once_on_a_phone(world, sign_in, look):
    campaign, lead = Campaign.objects.running().get(), User.objects.get(username="lead-service")
    training = plan_training(
        campaign=campaign,
        specialty=lead.main_post.specialty,
        projects=campaign.projects.all(),
        title="投诉处理实务",
        topics="投诉处理",
        starts_at=timezone.now() - timedelta(minutes=1),
        place="总部",
        trainer="孙浩",
        roles=["project_manager", "employee"],
        by=lead,
        at=timezone.now(),
    )
    page = sign_in("lead-service", "phone")
    page.goto(training.get_absolute_url())
    page.locator(".tr-tap").first.click()
    expect(page.locator(".tr-tap").first).to_have_attribute("aria-pressed", "true")
    look(page, "attendance-phone")
    assert fits(page)
    assert Attendance.objects.get().came
