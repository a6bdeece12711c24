"""How often values repeat, as SQLite is told it: what is empty is nothing that anybody looks up."""

import pytest
from django.db import connection

from organization.models import Post, Project, User
from organization.roles import Role
from organization.statistics import renew_statistics
from organization.tasks import renew_statistics as task

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts():
    """Two hundred in the company, and one in each of four projects."""
    users = User.objects.bulk_create(User(username=f"u{n}", name="人") for n in range(204))
    projects = Project.objects.bulk_create(Project(code=f"P{n}", name="项目") for n in range(4))
    Post.objects.bulk_create(
        Post(user=user, role=Role.EXECUTIVE, project=project)
        for user, project in zip(users, projects + [None] * 200, strict=True)
    )


def rows_of_one_project() -> int:
    """As SQLite expects it of the index over posts' projects."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'organization_post'")
        found = dict(cursor.fetchall())
    (stat,) = (stat for index, stat in found.items() if index.startswith("organization_post_proj"))
    return int(stat.split()[1])


def test_a_hundred_rows_without_a_value_count_as_one(posts):
    corrected = renew_statistics()
    if connection.vendor == "sqlite":
        assert corrected > 0
        assert rows_of_one_project() == 2
    else:
        assert corrected == 0


def test_a_bell_at_night_does_it(posts):
    task()
    if connection.vendor == "sqlite":
        assert rows_of_one_project() == 2
