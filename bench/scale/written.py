"""Which of the writes named on standard input are in the database; prints what is not, as JSON.

python -m bench.scale.written
"""

import json
import sys

import django

django.setup()

from inspections.models import Finding, Observation, ObservationPhoto  # noqa: E402 after setup
from organization.models import StoredFile  # noqa: E402

PLACES = {
    "observation": (Observation, "pk"),
    "photo": (ObservationPhoto, "sent_id"),
    "finding": (Finding, "pk"),
    "file": (StoredFile, "sha256"),
}
AT_ONCE = 500
lost = []
wanted: dict[str, list[str]] = {}
for kind, key in json.load(sys.stdin):
    wanted.setdefault(kind, []).append(key)
for kind, keys in wanted.items():
    model, name = PLACES[kind]
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        rows = model.objects.filter(**{f"{name}__in": some}).values_list(name, flat=True)
        there = set(map(str, rows))
        lost += [[kind, key] for key in some if key not in there]
print(json.dumps({"lost": lost, "asked": {kind: len(keys) for kind, keys in wanted.items()}}))
