"""Addresses of auditors beside each other."""

from django.urls import path

from inspections.views import auditors

urlpatterns = [
    path("c/<slug:campaign>/auditors/", auditors.auditors, name="auditors"),
    path("c/<slug:campaign>/auditors/excel/", auditors.excel, name="auditors_excel"),
]
