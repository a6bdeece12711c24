"""What Django is told of the databases that the environment names."""

from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

POSTGRESQL = "django.db.backends.postgresql"
# Lets statements be kept by the server at all (organization.planned asks for it at the first time).
KEEPS = {"prepare_threshold": 5}
KEEPS_NOTHING = {"prepare_threshold": None}


def sqlite(name: str | Path) -> dict:
    return {
        "ENGINE": "config.sqlite",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def primary(url: str, folder: Path, *, is_pooled: bool = False) -> dict:
    """The database that everything is written to; SQLite in the folder where none is named.

    `is_pooled`: a pooler in between gives each transaction any of its connections, so that none
    is left with a statement or a cursor that the next one would look for.
    """
    if not url:
        return sqlite(folder / "pinzhi.sqlite3")
    parsed = dict(dj_database_url.parse(url))
    if parsed["ENGINE"].endswith("sqlite3"):
        return sqlite(parsed["NAME"])
    # without max_size a pool never grows beyond min_size, and threads wait for one connection
    pool = {"min_size": 1, "max_size": 16}
    kept = KEEPS_NOTHING if is_pooled else KEEPS
    options = kept | parsed.get("OPTIONS", {}) | {"pool": pool}
    # what the server closed meanwhile (a restart) is looked at before somebody gets it
    return parsed | {
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
        "OPTIONS": options,
    }


def replica(url: str, of: dict) -> dict:
    """A hot standby of it. A connection a thread and no pool: of a server that is away a pool
    only says after long that nobody answers.
    """
    parsed = dict(dj_database_url.parse(url))
    if {parsed["ENGINE"], of["ENGINE"]} != {POSTGRESQL}:
        raise ImproperlyConfigured("REPLICA_URL needs PostgreSQL, as a standby of DATABASE_URL's")
    waits = {"connect_timeout": 2, "tcp_user_timeout": 5000}
    reads = {"options": "-c default_transaction_read_only=on"}
    kept = {"prepare_threshold": of["OPTIONS"]["prepare_threshold"]}
    return parsed | {
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": of["DISABLE_SERVER_SIDE_CURSORS"],
        "OPTIONS": kept | waits | reads | parsed.get("OPTIONS", {}),
    }
