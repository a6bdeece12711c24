"""One of several projects: chosen in a list, or named where there are too many to choose from."""

import pytest
from django import forms

from organization import project_choice
from organization.models import Project
from organization.project_choice import ProjectChoice, ProjectField
from tests import cast
from tests.queries import queries_of


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def crowded(company, monkeypatch):
    """As if one project were too many to choose from."""
    monkeypatch.setattr(project_choice, "MOST_CHOICES", 1)
    return company


def among(asked=""):
    return ProjectChoice(Project.objects.all(), asked)


def form(asked):
    class Named(forms.Form):
        project = ProjectField(to_field_name="code")

    made = Named({"project": asked})
    made.fields["project"].offer(Project.objects.all(), asked)
    return made


def test_of_a_few_one_is_chosen_by_its_code(company):
    assert among("P02").is_list
    assert among("P02").chosen == company.two
    assert among(company.two.name).chosen is None
    assert not among(company.two.name).is_part


@pytest.mark.parametrize("named", ["code", "name"])
def test_of_many_one_is_named_by_its_code_or_name(crowded, named):
    choice = among(f" {getattr(crowded.two, named)} ")
    assert not choice.is_list
    assert choice.chosen == crowded.two


def test_a_name_that_two_have_names_none_of_them(crowded):
    cast.project("P08", crowded.two.name)
    assert among(crowded.two.name).chosen is None
    assert [each.code for each in among(crowded.two.name).likely] == ["P02", "P08"]


def test_a_code_comes_before_the_same_name(crowded):
    cast.project("P08", "P02")
    assert among("P02").chosen == crowded.two


def test_a_part_of_a_name_is_told_whom_it_could_mean(crowded):
    choice = among("p0")
    assert choice.is_part
    assert f"P01 {crowded.one}、P02 {crowded.two}" in choice.objection
    assert among("无此项目").objection == "没有这个项目，请写它的编码或名称。"


def test_a_form_takes_what_was_named(crowded):
    assert form("P02").is_valid()
    assert form(crowded.two.name).is_valid()
    assert not form("p0").is_valid()
    assert form("").errors["project"]


def test_a_form_takes_what_was_chosen_of_a_few(company):
    made = form("P02")
    assert made.is_valid() and made.cleaned_data["project"] == company.two
    assert not form(company.two.name).is_valid()


def test_a_list_is_one_query_and_a_name_among_many_one_more(company, monkeypatch):
    assert queries_of(lambda: among("P02").chosen) == 1
    monkeypatch.setattr(project_choice, "MOST_CHOICES", 1)
    assert queries_of(lambda: among("P02").chosen) == 2
