"""One step of bench.evidence in a process of its own: `fill SIZE` or `check SIZE`."""

import json
import sys

import django

django.setup()

from bench import evidence  # noqa: E402 after setup

print(json.dumps(getattr(evidence, sys.argv[1])(int(sys.argv[2]))))
