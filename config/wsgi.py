"""The web server's entry point."""

import gc
import os
from functools import partial

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from organization.room import with_room

THINGS = 25_000  # more than there were, until garbage is looked for again
# While all is loaded nothing is thrown away: looking for it is a seventh of a start.
gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = partial(with_room, get_wsgi_application())
# all pages' code is loaded now and not while somebody waits for the first of them
get_resolver().url_patterns  # noqa: B018
# It stays as long as the process: to look through all of it for garbage would take an eighth of a
# second, of whoever asks for a page just then. And what pages leave is looked for once in several
# pages, not a hundred times in each.
gc.collect()
gc.freeze()
gc.set_threshold(THINGS)
gc.enable()
