"""The rubrics and sample weights that the product ships with (fixtures/README.md)."""

from decimal import Decimal
from functools import cache

from organization.shipped import shipped

SPECIALTIES = ("customer_service", "facilities", "order", "environment")


@cache
def _load(name: str) -> dict:
    return shipped(name)


def rubric_data(code: str) -> dict:
    """A specialty's rubric: the plan's items, their gaps filled, then the sample items.

    The shape is that of fixtures/rubrics.yaml; what is not the plan's says `sample: true`.
    """
    plan, sample = _load("rubrics.yaml").get(code, {}), _load("samples.yaml").get(code, {})
    fills = {fill["code"]: fill for fill in sample.get("fills", ())}
    items = [item | fills.get(item["code"], {}) for item in plan.get("items", ())]
    return {
        **sample,
        **plan,
        "sections": plan.get("sections", {}) | sample.get("sections", {}),
        "items": [*items, *sample.get("items", ())],
        "sample": not plan,
    }


def sample_weights() -> dict[str, Decimal]:
    """The weights that the plan does not give, in percent by specialty code."""
    found = {code: data.get("weight_percent") for code, data in _load("samples.yaml").items()}
    return {code: Decimal(str(percent)) for code, percent in found.items() if percent}
