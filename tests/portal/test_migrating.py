"""Which models a step of a migration draws again."""

import pytest
from django.core.management import get_commands
from django.db import models
from django.db.migrations import AddField, CreateModel
from django.db.migrations.state import ProjectState

from portal.migrating import few_drawn_anew

NAMES = {"name": models.CharField(max_length=20)}


def to(model: str) -> models.ForeignKey:
    return models.ForeignKey(model, models.CASCADE)


def made(name: str, **fields) -> CreateModel:
    return CreateModel(name, [("id", models.AutoField(primary_key=True)), *fields.items()])


@pytest.fixture
def state():
    """People, projects of people, plans of projects; all drawn."""
    state = ProjectState()
    for step in (made("Person"), made("Project", owner=to("x.Person")), made("Plan")):
        step.state_forwards("x", state)
    AddField("plan", "project", to("x.Project")).state_forwards("x", state)
    assert state.apps.get_model("x.plan")
    with few_drawn_anew():
        yield state


def drawn(state) -> dict[str, type]:
    return {name: state.apps.get_model("x", name) for name in ("person", "project", "plan")}


def anew(state, step) -> set[str]:
    """Which of the three are others after the step."""
    before = drawn(state)
    step.state_forwards("x", state)
    return {name for name, model in drawn(state).items() if model is not before[name]}


def test_a_new_model_is_drawn_alone_and_those_that_it_names_know_of_it(state):
    assert anew(state, made("Note", author=to("x.Person"))) == set()
    note, person = state.apps.get_model("x.note"), state.apps.get_model("x.person")
    assert note._meta.get_field("author").related_model is person
    assert note in {each.related_model for each in person._meta.related_objects}
    assert person.note_set


def test_who_holds_a_changed_model_is_drawn_anew_also_by_way_of_another(state):
    assert anew(state, AddField("person", "name", NAMES["name"])) == {"person", "project", "plan"}
    person, project, plan = drawn(state).values()
    assert project._meta.get_field("owner").related_model is person
    assert plan._meta.get_field("project").related_model is project


def test_what_a_changed_model_refers_to_stays(state):
    assert anew(state, AddField("plan", "writer", to("x.Person"))) == {"plan"}
    person, _project, plan = drawn(state).values()
    assert {each.related_model for each in person._meta.related_objects} >= {plan}


def test_models_of_one_another_are_both_drawn_anew(state):
    step = AddField("person", "first", models.ForeignKey("x.Plan", models.CASCADE, null=True))
    assert anew(state, step) == {"person", "project", "plan"}
    person, _project, plan = drawn(state).values()
    assert person._meta.get_field("first").related_model is plan
    assert plan._meta.get_field("project").related_model._meta.get_field("owner").related_model is (
        person
    )


def test_what_runs_python_gets_a_whole_picture(state):
    before = drawn(state)
    AddField("plan", "name", NAMES["name"]).state_forwards("x", state)
    state.clear_delayed_apps_cache()
    assert not set(drawn(state).values()) & set(before.values())


def test_all_that_migrates_does_so():
    assert get_commands()["migrate"] == "portal"
