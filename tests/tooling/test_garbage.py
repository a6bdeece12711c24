"""A web process looks for garbage between answers, not while somebody waits for one."""

import os
import subprocess
import sys

LEAVES_CYCLES = """
import weakref
import config.wsgi
from django.core.signals import request_finished

class Thing:
    def __init__(self):
        self.itself = self

def alive(number):
    things = [Thing() for _ in range(number)]
    refs = [weakref.ref(thing) for thing in things]
    del things
    return lambda: sum(ref() is not None for ref in refs)

few = alive(100)
request_finished.send(None)
seldom = few()
page = alive(30_000)
within = page()
request_finished.send(None)
print(seldom, within, page())
"""


def test_what_a_page_leaves_is_thrown_away_after_its_answer(tmp_path):
    command = [sys.executable, "-c", LEAVES_CYCLES]
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["100", "30000", "0"]
