"""The product's settings as the rig's workers have them: a tick every second or so, short waits.

Nothing else differs. What the product counts in minutes (what is lost, when to try again) stays;
the rig moves the clock instead (tests.faults.clock).
"""

from config import env
from config.settings import *  # noqa: F403
from config.settings import (
    CELERY_BEAT_SCHEDULE,
    CELERY_BROKER_TRANSPORT_OPTIONS,
)

TICK_SECONDS = 1.0
_usual = CELERY_BEAT_SCHEDULE["tick"]
# as much of a tick as usual may pass until it is not worth anything any more
_heard = _usual["options"]["expires"] / _usual["schedule"] * TICK_SECONDS
CELERY_BEAT_SCHEDULE = {
    "tick": _usual | {"schedule": TICK_SECONDS, "options": {"expires": _heard}},
}
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {
    "visibility_timeout": env.integer(
        "FAULT_VISIBILITY", CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    ),
    "unacked_restore_interval": 1,
    "unacked_mutex_expire": 2,
}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
EMAIL_TIMEOUT = 2
