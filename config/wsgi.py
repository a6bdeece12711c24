"""The web server's entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# all pages' code is loaded now and not while somebody waits for the first of them
get_resolver().url_patterns  # noqa: B018
