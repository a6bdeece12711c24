"""Addresses of score sheets and results."""

from django.urls import path

from inspections.views import late, observations, on_device, project_results, sheet_blank, sheets

urlpatterns = [
    path("device/", on_device.on_device, name="on_device"),
    path("c/<slug:campaign>/late/", late.late, name="late"),
    path("c/<slug:campaign>/sheets/", sheets.sheets, name="sheets"),
    path("c/<slug:campaign>/sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("c/<slug:campaign>/sheets/<int:pk>/blank/", sheet_blank.blank, name="sheet_blank"),
    path("c/<slug:campaign>/sheets/<int:pk>/entry/", observations.entry, name="sheet_entry"),
    path("c/<slug:campaign>/sheets/<int:pk>/parts/", observations.parts, name="sheet_parts"),
    path("c/<slug:campaign>/sheets/<int:pk>/log/", sheets.log, name="sheet_log"),
    path("c/<slug:campaign>/sheets/<int:pk>/submit/", sheets.submit, name="sheet_submit"),
    path("c/<slug:campaign>/results/", project_results.mine, name="my_result"),
    path(
        "c/<slug:campaign>/results/<str:project>/",
        project_results.project_result,
        name="project_result",
    ),
    path(
        "c/<slug:campaign>/results/<str:project>/deductions/",
        project_results.result_deductions,
        name="result_deductions",
    ),
    path(
        "c/<slug:campaign>/results/<str:project>/recovery/",
        project_results.recovery,
        name="recovery",
    ),
    path(
        "c/<slug:campaign>/results/<str:project>/recovery/outcome/",
        project_results.recovery_outcome,
        name="recovery_outcome",
    ),
]
