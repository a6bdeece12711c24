"""What all tests share: where their files go, which database they really run on, the browser."""

import gc
import os
import tempfile

import pytest
from _pytest import runner
from django.conf import settings
from django.db import connection
from django.test import SimpleTestCase
from hypothesis import settings as hypothesis

from campaign.totals import forget_totals
from inspections.callback.questionnaire import forget_offered
from inspections.sheet.outline import forget_outlines
from inspections.sheet.phrases import forget_phrases
from organization.room import with_room
from portal.dashboard.page import forget_dashboard
from scoring.league_board import forget_boards
from scoring.league_page import forget_choices
from scoring.rubric_page import forget_published
from scoring.scored_items import forget_published_items
from tests import on_record
from tests.browser import browser, open_page, page  # noqa: F401 - fixtures for all
from tests.emptied import empty_what_is_filled
from tests.tried import tried  # noqa: F401

FILES = tempfile.TemporaryDirectory(prefix="pinzhi-files-", ignore_cleanup_errors=True)
COUNTED = tempfile.TemporaryDirectory(prefix="pinzhi-metrics-", ignore_cleanup_errors=True)
MARKED = pytest.StashKey[set]()
LEFT_OUT = os.environ.get("LEFT_OUT", "").split()
# `make check` leaves the long search to `make test`
hypothesis.register_profile("quick", max_examples=20)
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_addoption(parser):
    parser.addoption("--vendor", help="fail unless the tests run on this database")
    parser.addoption("--only-database", action="store_true", help="only tests that ask for one")


def pytest_configure(config):
    # what importing and collecting make stays to the end: looking through it again and again for
    # something to throw away is a third of their time
    gc.disable()
    vendor = config.getoption("vendor")
    if vendor and connection.vendor != vendor:
        raise pytest.UsageError(f"these tests run on {connection.vendor}, not on {vendor}")
    settings.MEDIA_ROOT = FILES.name
    settings.METRICS_FOLDER = COUNTED.name
    # the strength of the real one is not what any test is about, its slowness is
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # every client would look for all static files anew
    settings.WHITENOISE_AUTOREFRESH = True
    settings.MIDDLEWARE = ["tests.on_record.middleware", *settings.MIDDLEWARE]
    on_record.watch_commands()
    empty_what_is_filled()
    if "BROKER_URL" not in os.environ:
        # a task sent by a test must not reach a worker that runs beside it
        settings.CELERY_BROKER_URL = "memory://"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Leave out what this machine can't run (bin/run_tests.py says it loudly); in CI it fails."""
    for item in items:
        if has_threads(item):
            item.add_marker("slow")
    marked = {(mark.name, item.path) for item in items for mark in item.iter_markers()}
    config.stash[MARKED] = marked
    left_out = {item for item in items if not IN_CI and lacks(item)}
    if config.getoption("only_database"):
        left_out |= {item for item in items if not has_database(item)}
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish():
    """From here on only what tests make is looked through."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """As pytest does it, with room for the stack: a test client's is deeper than a server's."""
    return with_room(runner.pytest_runtest_protocol, item, nextitem)


def lacks(item):
    return any(set(mark.args) & set(LEFT_OUT) for mark in item.iter_markers("system"))


def has_database(item):
    """All others are denied it by pytest-django, so that they pass on any database or on none."""
    fixtures = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    return fixtures or item.get_closest_marker("django_db") or is_django_case(item)


def is_django_case(item):
    return item.cls and issubclass(item.cls, SimpleTestCase)


def has_threads(item):
    """Tests in a browser (its server's), and those whose transactions are real."""
    real = any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
    return real or item.get_closest_marker("e2e")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, tmp_path_factory):
    """With threads SQLite is in a file: each has a connection, and waits for the others."""
    if connection.vendor == "sqlite" and any(map(has_threads, request.session.items)):
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session")
def marked(pytestconfig):
    """(marker, file) of all tests that were found, also of those that do not run this time."""
    return pytestconfig.stash[MARKED]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """A rolled back test gives its ids to the next one's rubrics, or to a whole module's."""
    forget_all()
    yield
    forget_all()


def forget_all():
    forget_published()
    forget_published_items()
    forget_offered()
    forget_boards()
    forget_choices()
    forget_dashboard()
    forget_outlines()
    forget_totals()
    forget_phrases()
