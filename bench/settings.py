"""The embedded settings with one more address: the bare view that everything is measured against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
