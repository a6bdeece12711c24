"""What each run of planning and delivery did, kept for whoever has to know whether it runs."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from campaign.models import Round

KEPT = 2000


@contextmanager
def recorded(kind: str, *, at: datetime) -> Iterator[Round]:
    """A row for a run that begins at a moment; whoever runs puts its figures in.

    An error that ends the run is written down and goes on. A run that was killed has no end.
    """
    row = Round.objects.create(kind=kind, worker=worker(), began_at=at)
    began = monotonic()
    try:
        yield row
    except Exception as error:
        row.error = f"{type(error).__name__}: {error}"
        raise
    finally:
        row.ended_at = at + timedelta(seconds=monotonic() - began)
        row.save()
        forget_old()


def worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:120]


def forget_old() -> None:
    newest = Round.objects.order_by("-pk").values_list("pk", flat=True)
    for last in newest[KEPT : KEPT + 1]:
        Round.objects.filter(pk__lte=last).delete()
