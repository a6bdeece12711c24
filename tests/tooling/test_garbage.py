"""A web process looks for garbage between answers, not while somebody waits for one."""

import os
import subprocess
import sys

import pytest

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

# Small pieces of the C library, between which some stay.
IS_LARGE_ONCE = """
import config.wsgi
from django.core.signals import request_finished
from lxml import etree
from organization.memory import resident

request_finished.send(None)
before = resident()
trees = [etree.fromstring("<a>" + "<b><c>x</c></b>" * 1000 + "</a>") for _ in range(1000)]
large = resident() - before
kept = trees[::50]
del trees
request_finished.send(None)
print(large // 2**20, (resident() - before) // 2**20)
"""

MADE_OF_PIECES = """
import weakref
import config.wsgi
from organization.memory import piece_by_piece

class Piece:
    def __init__(self):
        self.itself = self

refs, most = [], 0
for number in piece_by_piece(range(500)):
    refs.append(weakref.ref(Piece()))
    most = max(most, sum(ref() is not None for ref in refs))
print(number, most)
"""


@pytest.fixture
def said(tmp_path):
    """What a script prints, in a process that begins as a web process does."""

    def run(script: str) -> list[int]:
        about = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "-c", script]
        ran = subprocess.run(
            command, env=os.environ | about, capture_output=True, text=True, check=True
        )
        return [int(word) for word in ran.stdout.split()]

    return run


def test_what_a_page_leaves_is_thrown_away_after_its_answer(said):
    assert said(LEAVES_CYCLES) == [100, 30000, 0]


def test_what_a_large_document_took_is_given_back_after_its_answer(said):
    large, afterwards = said(IS_LARGE_ONCE)
    assert large > 200  # MB
    assert afterwards < large / 4


def test_a_document_of_many_pieces_holds_few_of_them(said):
    last, most = said(MADE_OF_PIECES)
    assert last == 499
    assert most <= 10
