"""The bench's settings, and in every answer what it cost (bench.scale.cost)."""

from bench.settings import *  # noqa: F403
from bench.settings import MIDDLEWARE

MIDDLEWARE = ["bench.scale.cost.told", *MIDDLEWARE]
