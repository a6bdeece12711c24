"""Counts what the scheduler keeps for pages, as its task does every two minutes; prints of how
many campaigns.
"""

import django

django.setup()

from django.utils import timezone  # noqa: E402 after setup

from campaign.kept import count_many  # noqa: E402

print(count_many(at=timezone.now()))
