"""What some may not read although they read the table around it: asked where rows of every kind
stand together, in the admin site's record and in data that is given to somebody.
"""

from collections.abc import Callable, Collection, Iterable

from django.apps import apps
from django.db.models import Model, Q

from organization.models import User

# Whose rows, and what is on record of them, only those read who have this permission.
TABLES: dict[str, str] = {}
# Of a reader the models and keys of which even the record stays closed.
ROWS: list[Callable[[User], Iterable[tuple[type[Model], Collection[int]]]]] = []
# Which rows of a table people may know of themselves; by itself all.
TOLD: dict[str, Q] = {}


def tables_closed_to(user: User) -> list[type[Model]]:
    closed = [label for label, permission in TABLES.items() if not user.has_perm(permission)]
    return [apps.get_model(label) for label in closed]


def rows_closed_to(user: User) -> list[tuple[type[Model], tuple[int, ...]]]:
    found = [(model, tuple(keys)) for rows in ROWS for model, keys in rows(user)]
    return [(model, keys) for model, keys in found if keys]
