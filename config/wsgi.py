"""The web server's entry point."""

import gc
import os
from functools import partial

from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from organization.memory import give_back
from organization.room import with_room

AFTER, WITHIN = 25_000, 200_000  # things more than there were: garbage is looked for then
OFTEN = 10  # times among the young, until it is looked for among the older ones as well


def look_for_garbage(**_signal) -> None:
    """When somebody has their answer, not while they wait for it: it takes as long as a third of
    a page. The older things are gone through as seldom as Python does by itself.
    """
    young, middle, old = gc.get_count()
    if not give_back() and young > AFTER:
        gc.collect(2 if old > OFTEN else 1 if middle > OFTEN else 0)


# While all is loaded nothing is thrown away: looking for it is a seventh of a start.
gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = partial(with_room, get_wsgi_application())
# all pages' code is loaded now and not while somebody waits for the first of them
get_resolver().url_patterns  # noqa: B018
# It stays as long as the process: to look through all of it for garbage would take an eighth of a
# second, of whoever asks for a page just then. What pages leave is looked for between them, once
# in several; within one only where it makes far more than a page does.
gc.collect()
gc.freeze()
gc.set_threshold(WITHIN, OFTEN, OFTEN)
gc.enable()
request_finished.connect(look_for_garbage)
