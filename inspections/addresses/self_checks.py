"""Addresses of self-checks."""

from django.urls import path

from inspections.views import honesty, self_check

urlpatterns = [
    path("c/<slug:campaign>/self-check/", self_check.self_checks, name="self_checks"),
    path("c/<slug:campaign>/honesty/", honesty.honesty, name="honesty"),
    path("c/<slug:campaign>/honesty/excel/", honesty.excel, name="honesty_excel"),
    path("c/<slug:campaign>/self-check/<str:project>/", self_check.self_check, name="self_check"),
    path("c/<slug:campaign>/sheets/<int:pk>/reopen/", self_check.reopen, name="self_check_reopen"),
    path("c/<slug:campaign>/sheets/<int:pk>/take-up/", self_check.take_all, name="sheet_take_up"),
]
