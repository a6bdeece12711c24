#!/usr/bin/env python
"""Django's command line; without any environment it runs the embedded settings."""

import os
import sys

from django.core.management import execute_from_command_line

from organization.origin import coming_from

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with coming_from("command", via=" ".join(sys.argv[1:2])):
        execute_from_command_line(sys.argv)
