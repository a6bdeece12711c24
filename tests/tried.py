"""What was tried by those who mean no good, and how it was answered."""

import json
import os
from collections import Counter

import pytest


@pytest.fixture
def tried(request):
    """Counts of what happened: a line of the table in docs/security.md (FAULT_FIGURES)."""
    counts = Counter()
    yield counts
    if path := os.environ.get("FAULT_FIGURES"):
        attack = request.node.originalname.removeprefix("test_").replace("_", " ")
        with open(path, "a") as file:
            file.write(json.dumps({"attack": attack, "tried": counts.total(), **counts}) + "\n")
