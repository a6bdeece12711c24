"""Addresses of plans."""

urlpatterns: list = []
