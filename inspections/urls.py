"""Addresses of this app: each room keeps its own list in inspections/addresses/."""

from inspections.addresses import findings, plans

urlpatterns = [*plans.urlpatterns, *findings.urlpatterns]
