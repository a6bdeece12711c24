"""The product's settings as the rig's workers have them: a tick every two seconds, short waits.

Nothing else differs. What the product counts in minutes (what is lost, when to try again) stays;
the rig moves the clock instead (tests.faults.clock).
"""

from config.settings import *  # noqa: F403
from config.settings import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS

TICK_SECONDS = 2.0
_usual = CELERY_BEAT_SCHEDULE["tick"]
# as much of a tick as usual may pass until it is not worth anything any more
_heard = _usual["options"]["expires"] / _usual["schedule"] * TICK_SECONDS
CELERY_BEAT_SCHEDULE = {
    "tick": _usual | {"schedule": TICK_SECONDS, "options": {"expires": _heard}},
}
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {
    "unacked_restore_interval": 1,
    "unacked_mutex_expire": 2,
}
BROKER_CHANGES = {}  # what a single worker sees differently
EMAIL_TIMEOUT = 2
