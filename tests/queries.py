"""How much a page asks of the database: the same for few rows and for many."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act) -> int:
    """Number of queries of a second run; the first one fills what is cached for good."""
    act()
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
