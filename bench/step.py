"""One step of a measurement in a process of its own: `python -m bench.step MODULE STEP SIZE`."""

import json
import sys
from importlib import import_module

import django

django.setup()

module, step, size = sys.argv[1:]
print(json.dumps(getattr(import_module(f"bench.{module}"), step)(int(size))))
