import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.access.blank import silent
from tests.access.things import KINDS
from tests.access.world import told


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker):
    """Built once for the tests of this package and then undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = told(timezone.now())
        if connection.vendor == "postgresql":
            # as its autovacuum does wherever rows are committed
            connection.cursor().execute("ANALYZE")
        made.things = {kind: make(made) for kind, make in KINDS.items()}
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def nothing_drawn(settings, monkeypatch):
    """What a page says is for other tests; here it is about being let in.

    Nor is a document laid out: of every address one is, for who may do most (attack/conftest.py).
    """
    settings.TEMPLATES = silent()
    monkeypatch.setattr("weasyprint.CSS", lambda file: file)
    monkeypatch.setattr("weasyprint.HTML.write_pdf", lambda html, **how: b"%PDF-")
    monkeypatch.setattr("organization.papers.word.draw", lambda block, document: None)


@pytest.fixture(autouse=True)
def sessions_at_hand(settings):
    """Nothing is asked for it, and it is still there after a sign-out was tried."""
    settings.SESSION_ENGINE = "tests.access.lasting"
