"""Addresses of findings."""

urlpatterns: list = []
