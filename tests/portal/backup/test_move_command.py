"""What `move_database` refuses before it looks at a row."""

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def test_only_postgresql_takes_it(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with pytest.raises(CommandError, match="only from SQLite to PostgreSQL"):
        call_command("move_database", to=f"sqlite:///{tmp_path / 'other.sqlite3'}")
    assert not (tmp_path / "other.sqlite3").exists()
