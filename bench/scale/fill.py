"""Migrates and fills the database that the environment names; prints what to ask for as JSON.

    python -m bench.scale.fill PROJECTS

Says on standard error how far it is.
"""

import json
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402 after setup
from django.utils import timezone  # noqa: E402

from bench.scale.addresses import addresses  # noqa: E402
from bench.scale.facts import facts  # noqa: E402
from bench.scale.world import build  # noqa: E402


def main(projects: int) -> None:
    call_command("migrate", verbosity=0)
    began = time.perf_counter()

    def say(what: str) -> None:
        print(f"{time.perf_counter() - began:7.1f} s  {what}", file=sys.stderr, flush=True)

    world = build(projects, timezone.now(), say)
    say("done")
    print(json.dumps({"pages": addresses(world)} | facts(world)))


main(int(sys.argv[1]))
