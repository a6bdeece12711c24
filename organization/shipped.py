"""The data that the product ships with (fixtures/README.md)."""

from typing import Any

import yaml
from django.conf import settings

# Ten times as fast where libyaml is there; the same data either way.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def shipped(name: str) -> Any:
    path = settings.BASE_DIR / "fixtures" / name
    return yaml.load(path.read_text("utf-8"), Loader=LOADER)  # noqa: S506 both are safe loaders
