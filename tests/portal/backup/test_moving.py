"""All rows into a PostgreSQL database beside, with every key and every type."""

import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from campaign.models import Campaign
from organization.models import HistoryEntry, Project, Specialty
from portal import moving
from portal.moving import CannotMove, beside, transfer
from tests.portal.backup.places import Place
from tests.portal.evidence import inspected
from tests.server import ROOT

sys.path.insert(0, str(ROOT / "bin"))

import with_services

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", moving.TARGET]),
    pytest.mark.system("postgresql"),
]


@pytest.fixture(scope="module")
def cluster():
    """An address of a PostgreSQL that is there for this file."""
    with with_services.postgresql() as url:
        yield url


@pytest.fixture(scope="module", autouse=True)
def beside_ours(cluster, django_db_setup, django_db_blocker):
    """The tables in it, made from the models."""
    with beside(cluster) as connected, django_db_blocker.unblock():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "MIGRATION_MODULES", NoMigrations())
            call_command("migrate", database=moving.TARGET, run_syncdb=True, verbosity=0)
        yield connected


@pytest.fixture
def target(beside_ours):
    return beside_ours


class NoMigrations:
    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None


def held(model, target):
    return list(model.objects.using(target.alias).order_by("pk").values())


def test_every_row_is_there_and_the_results_verify(target, cluster, tmp_path):
    inspected()
    moved = {each.table: each for each in transfer(connection, target)}
    for model in (HistoryEntry, Campaign, Specialty):
        assert held(model, target) == held(model, connection)
    assert moved["organization_historyentry"].rows == HistoryEntry.objects.count()
    done = installation_like_this(tmp_path / "moved", cluster).manage("verify")
    assert (done.returncode, done.stderr) == (0, "")


def installation_like_this(folder, url):
    """With the secret and the files of here, which moving leaves where they are."""
    folder.mkdir()
    (folder / "secret_key").write_text(settings.SECRET_KEY)
    (folder / "files").symlink_to(settings.MEDIA_ROOT)
    return Place(folder, url)


def test_the_next_key_is_one_that_nobody_had(target):
    kept = Project.objects.create(code="P97", name="在管项目")
    gone = Project.objects.create(code="P98", name="已撤场")
    gone_key = gone.pk
    gone.delete()
    transfer(connection, target)
    new = Project.objects.using(target.alias).create(code="P99", name="新项目")
    # only SQLite is asked for what it gave out once
    assert new.pk > (gone_key if connection.vendor == "sqlite" else kept.pk)


def test_a_table_that_holds_something_is_left_alone(target):
    Project.objects.using(target.alias).create(code="P01", name="别处的项目")
    with pytest.raises(CannotMove, match="organization_project"):
        transfer(connection, target)
    assert [row["code"] for row in held(Project, target)] == ["P01"]


def test_what_comes_out_otherwise_is_told_and_nothing_stays(target, monkeypatch):
    Project.objects.create(code="P01", name="项目")
    spoil = moving.copy

    def and_spoil(model, source, there):
        spoil(model, source, there)
        if model is Project:
            with there.cursor() as cursor:
                cursor.execute("UPDATE organization_project SET code = 'P02'")

    monkeypatch.setattr(moving, "copy", and_spoil)
    with pytest.raises(CannotMove, match=r"organization_project .* differs in row 1"):
        transfer(connection, target)
    assert held(Project, target) == []
