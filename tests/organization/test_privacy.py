"""docs/privacy.md names every column that holds personal data, and no other."""

import re
from pathlib import Path

from django.apps import apps

from organization.models import User
from organization.retention import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
PLACE = re.compile(r"`(\w+)\.([A-Z]\w+)\.(?:\{([\w,]+)\}|(\w+))`")
OURS = {"organization", "campaign", "scoring", "inspections", "rewards", "portal"}
# By what its name says of a person, whatever table a column stands in.
NAMING = re.compile(
    r"(^|_)(names?|username|email|mobile|phone|address|trainer|attendees|sealed)($|_)|_by$|_label$"
)
NO_WORDS = {"subject_label"}  # what a thing was called


def named() -> set[str]:
    return {
        f"{app}.{model}.{field}"
        for app, model, many, one in PLACE.findall(PAGE)
        for field in (many or one).split(",")
    }


def columns() -> dict[str, object]:
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.concrete_fields
    }


def is_personal(field) -> bool:
    if field.is_relation:
        return field.related_model is User
    if field.get_internal_type() in ("BooleanField", "DateTimeField", "ForeignKey"):
        return False
    return field.name not in NO_WORDS and bool(NAMING.search(field.name))


def test_every_column_about_people_has_a_place():
    personal = {name for name, field in columns().items() if is_personal(field)}
    assert personal - named() == set()


def test_every_place_is_a_column():
    assert named() - columns().keys() == set()


def test_every_kind_that_is_kept_for_a_time_is_named():
    assert {kind.code for kind in KINDS} == set(re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE))
