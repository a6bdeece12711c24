"""What the database of bench.field has on record, by the ids that devices gave, as JSON."""

import json

import django

django.setup()

from inspections.models import Observation, ObservationPhoto  # noqa: E402 after setup

sent = Observation.objects.filter(device__isnull=False)
photos = ObservationPhoto.objects.filter(sent_id__isnull=False)
print(
    json.dumps(
        {
            "observations": [str(pk) for pk in sent.values_list("pk", flat=True)],
            "photos": [str(pk) for pk in photos.values_list("sent_id", flat=True)],
        }
    )
)
