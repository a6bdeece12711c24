"""Addresses of cases that the center spreads to many projects."""

from django.urls import path

from inspections.views import case_site, cases

urlpatterns = [
    path("c/<slug:campaign>/cases/", cases.cases, name="cases"),
    path("c/<slug:campaign>/findings/<uuid:pk>/spread/", cases.case_new, name="case_new"),
    path("c/<slug:campaign>/cases/<int:pk>/", cases.case, name="case"),
    path("c/<slug:campaign>/cases/<int:pk>/live/", cases.live, name="case_live"),
    path("c/<slug:campaign>/cases/<int:pk>/excel/", cases.excel, name="case_excel"),
    path(
        "c/<slug:campaign>/cases/<int:pk>/sites/<str:project>/",
        case_site.case_site,
        name="case_site",
    ),
]
