"""Addresses of signing a sheet, and of sheets that were signed."""

from django.urls import path

from inspections.views import signing

urlpatterns = [
    path("c/<slug:campaign>/sheets/<int:pk>/sign/", signing.sign, name="sheet_sign"),
    path("c/<slug:campaign>/sheets/<int:pk>/signed/", signing.signed, name="sheet_signed"),
    path("c/<slug:campaign>/sheets/<int:pk>/signed/pdf/", signing.pdf, name="sheet_signed_pdf"),
    path("signatures/<slug:fingerprint>/", signing.print_on_record, name="signed_print"),
]
