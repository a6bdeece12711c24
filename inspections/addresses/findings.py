"""Addresses of findings."""

from django.urls import path

from inspections.views import finding, finding_new, findings, findings_reassign

urlpatterns = [
    path("c/<slug:campaign>/findings/", findings.findings, name="findings"),
    path("c/<slug:campaign>/findings/new/", finding_new.finding_new, name="finding_new"),
    path("c/<slug:campaign>/findings/excel/", findings.findings_excel, name="findings_excel"),
    path(
        "c/<slug:campaign>/findings/reassign/",
        findings_reassign.findings_reassign,
        name="findings_reassign",
    ),
    path("c/<slug:campaign>/findings/<uuid:pk>/", finding.finding, name="finding"),
]
