"""Counts what the scheduler keeps for pages, as its tasks do every few minutes: of campaigns with
many projects, what auditors saw, exams' attempts that are over. Prints how many campaigns and
attempts it were.
"""

import json

import django

django.setup()

from django.utils import timezone  # noqa: E402 after setup

from campaign.kept import count_many  # noqa: E402
from inspections.auditor.counting import count_looks  # noqa: E402
from inspections.exam.settling import settle_attempts  # noqa: E402

at = timezone.now()
count_looks()
print(json.dumps([count_many(at=at), settle_attempts(at=at)]))
