"""Addresses of appeals."""

from django.urls import path

from inspections.views import appeal, appeals

urlpatterns = [
    path("c/<slug:campaign>/appeals/", appeals.appeals, name="appeals"),
    path("c/<slug:campaign>/appeals/excel/", appeals.excel, name="appeals_excel"),
    path("c/<slug:campaign>/appeals/<int:pk>/", appeal.appeal, name="appeal"),
    path("c/<slug:campaign>/deductions/<uuid:pk>/appeal/", appeals.appeal_new, name="appeal_new"),
]
