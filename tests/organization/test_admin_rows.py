"""Lists of the admin site by plain formatting say, cell by cell, what the library's tags say."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import results
from django.urls import reverse
from django.utils import timezone

from organization.admin import PostInline
from organization.history import record
from organization.models import HistoryEntry, Post, Project
from tests import cast
from tests.queries import queries_of

BAD = "<b>\"'&"
MODELS = list(admin.site._registry)


@pytest.fixture
def company(db):
    made = cast.company()
    record(on=made.campaign, verb="accept", by=made.center, at=cast.NOW, reason=BAD)
    return made


@pytest.fixture
def administrator(client, company):
    client.force_login(company.admin)
    return client


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("> <", "><")


def rows_on(page) -> str:
    body = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return squeezed(body).strip()


def of_library(page) -> str:
    rows = [f"<tr>{''.join(each)}</tr>" for each in results(page.context["cl"])]
    return squeezed("".join(rows)).strip()


def test_all_rows_can_be_ticked_at_once(administrator):
    page = administrator.get(list_of(Project)).content.decode()
    assert '<input type="checkbox" id="action-toggle"' in page


@pytest.mark.parametrize("model", MODELS)
def test_every_list_has_the_cells_of_the_library(administrator, model):
    page = administrator.get(list_of(model))
    if admin.site._registry[model].has_view_permission(page.wsgi_request):
        assert rows_on(page) == of_library(page)
    else:
        assert page.status_code == 403


@pytest.mark.parametrize("asked", [{"q": "P0"}, {"o": "2.-3"}, {"role__exact": "project_manager"}])
def test_an_address_says_how_the_list_was_narrowed(administrator, asked):
    page = administrator.get(list_of(Post), asked)
    assert rows_on(page) == of_library(page) != ""
    assert "_changelist_filters=" in rows_on(page)


def test_what_people_wrote_is_escaped(administrator):
    Project.objects.filter(code="P01").update(name=BAD, region="  ")
    page = administrator.get(list_of(Project))
    assert rows_on(page) == of_library(page)
    assert BAD not in page.content.decode()


def test_a_window_to_choose_in_is_drawn_by_the_library(administrator):
    page = administrator.get(list_of(Project), {"_popup": 1})
    assert "data-popup-opener=" in rows_on(page)


def test_a_list_without_rows_has_no_table(administrator):
    page = administrator.get(list_of(Project), {"q": "nowhere"})
    assert 'id="result_list"' not in page.content.decode()


def test_sorted_columns_say_in_which_order(administrator):
    page = administrator.get(list_of(Post), {"o": "2.-3"}).content.decode()
    assert page.count('class="sortpriority"') == 2
    assert 'class="toggle ascending"' in page and 'class="toggle descending"' in page


def test_more_rows_ask_for_no_more(administrator, company):
    few = queries_of(lambda: administrator.get(list_of(HistoryEntry)))
    for _number in range(3):
        record(on=company.campaign, verb="accept", by=company.center, at=timezone.now())
    assert queries_of(lambda: administrator.get(list_of(HistoryEntry))) == few


def test_a_persons_posts_are_written_in_all_that_they_have():
    written = {each.name for each in Post._meta.fields if each.editable and not each.primary_key}
    assert set(PostInline.fields) == written


# --- the rooms beside each page -----------------------------------------------------------------


def rooms_on(client, address) -> str:
    page = client.get(address).content.decode()
    return page.partition('<nav class="sticky"')[2].partition("</nav>")[0]


def test_each_reader_sees_the_rooms_of_the_own_roles(client, company):
    found = {}
    for person in (company.admin, company.center, company.admin):
        client.force_login(person)
        here = rooms_on(client, list_of(Post))
        found.setdefault(person.pk, set()).add(here)
    assert [len(each) for each in found.values()] == [1, 1]
    (of_admin,), (of_center,) = found.values()
    assert 'id="organization-post"' in of_admin and of_admin.count("addlink") > 0
    assert "addlink" not in of_center.partition("organization-post")[2].partition("</tr>")[0]


def test_a_role_that_is_taken_away_takes_its_rooms_along(client, company):
    client.force_login(company.center)
    index = reverse("admin:index")
    assert 'id="organization-post"' in client.get(index).content.decode()
    Post.objects.filter(user=company.center).delete()
    page = client.get(index)
    assert (page.status_code, 'id="organization-post"' in page.content.decode()) == (200, False)


def test_the_room_one_is_in_is_marked(administrator):
    for model in (Post, Project):
        here = rooms_on(administrator, list_of(model))
        assert here.count('aria-current="page"') == 1
        assert f'href="{list_of(model)}" aria-current="page"' in here


def test_rooms_are_named_in_the_language_of_the_reader(administrator, company):
    assert "岗位" in rooms_on(administrator, list_of(Post))
    company.admin.language = "en"
    company.admin.save(update_fields=["language"])
    here = rooms_on(administrator, list_of(Post))
    assert "岗位" not in here and "Posts" in here
