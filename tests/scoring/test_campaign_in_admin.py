"""The campaign's page in the admin site: rows that nobody may write any more are drawn only."""

import pytest
from django.urls import reverse

from campaign.models import Phase
from scoring.models import Weight
from tests import cast


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def administrator(client, company):
    client.force_login(company.admin)
    return client


def address(campaign) -> str:
    return reverse("admin:campaign_campaign_change", args=[campaign.pk])


def test_phases_of_a_running_campaign_are_a_table(administrator, company):
    Phase.objects.filter(campaign=company.campaign, order=1).update(name_en="<b>\nMove")
    page = administrator.get(address(company.campaign)).content.decode()
    assert '<td class="field-name_en"><p>&lt;b&gt;<br>Move</p></td>' in page
    assert 'name="phases-' not in page and 'name="weights-0-percent"' in page


def test_phases_of_a_draft_are_written_in_forms(administrator):
    page = administrator.get(address(cast.campaign("c12", started=False))).content.decode()
    assert 'name="phases-TOTAL_FORMS"' in page and 'name="milestones-TOTAL_FORMS"' in page


def test_what_is_drawn_only_is_not_taken_when_the_page_is_sent(administrator, company):
    page = administrator.get(address(company.campaign))
    forms = [each.formset for each in page.context["inline_admin_formsets"] if list(each)]
    sent = {f"{each.prefix}-{name}": value for each in forms for name, value in totals(each)}
    for form in (form for each in forms for form in each.initial_forms):
        sent |= {
            form.add_prefix(name): form[name].value() for name in form.fields if name != "DELETE"
        }
    phase = Phase.objects.filter(campaign=company.campaign).earliest("order")
    sent |= {"phases-TOTAL_FORMS": 1, "phases-INITIAL_FORMS": 1, "phases-0-id": phase.pk}
    sent |= {"phases-0-code": "other", "weights-0-percent": 10, "weights-1-percent": 45}
    answer = administrator.post(address(company.campaign), sent)
    phase.refresh_from_db()
    assert (answer.status_code, phase.code) == (302, "mobilize")
    assert Weight.objects.filter(campaign=company.campaign, percent=45).exists()


def totals(formset):
    return formset.management_form.initial.items()
