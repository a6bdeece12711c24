"""The company's specialties, which half the pages list or narrow by."""

from organization.models import Specialty
from organization.prepared import prepared


def in_order():
    return Specialty.objects.order_by("order", "code")


asked = prepared(in_order, {})


def every_specialty() -> list[Specialty]:
    """All of them, as the company puts them in order. One query."""
    return asked()
