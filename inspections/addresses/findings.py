"""Addresses of findings."""

from django.urls import path

from inspections.views import finding, finding_new, findings

urlpatterns = [
    path("c/<slug:campaign>/findings/", findings.findings, name="findings"),
    path("c/<slug:campaign>/findings/new/", finding_new.finding_new, name="finding_new"),
    path("c/<slug:campaign>/findings/<uuid:pk>/", finding.finding, name="finding"),
]
