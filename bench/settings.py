"""The embedded settings with one more address: the bare view, the unit of every ratio."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
