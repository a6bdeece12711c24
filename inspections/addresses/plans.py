"""Addresses of improvement plans, their revisions and versions."""

from django.urls import include, path

from inspections.views import plan_list, plan_review, plan_revision, plan_versions, plans

PLAN = "c/<slug:campaign>/plans/<str:project>/"
revision = [
    path("", plans.plan, name="plan_revision"),
    path("lines/<uuid:pk>/", plans.plan_line, name="plan_revision_line"),
    path("review/", plan_review.review, name="plan_revision_review"),
    path("discard/", plan_revision.discard, name="plan_discard"),
]
urlpatterns = [
    path("c/<slug:campaign>/plans/", plan_list.plans, name="plans"),
    path("c/<slug:campaign>/plans.xlsx", plan_list.plans_excel, name="plans_excel"),
    path(PLAN, plans.plan, name="plan"),
    path(f"{PLAN}lines/<uuid:pk>/", plans.plan_line, name="plan_line"),
    path(f"{PLAN}review/", plan_review.review, name="plan_review"),
    path(f"{PLAN}revise/", plan_revision.revise, name="plan_revise"),
    path(f"{PLAN}revisions/<int:number>/", include(revision)),
    path(f"{PLAN}versions/", plan_versions.versions, name="plan_versions"),
    path(f"{PLAN}versions/<int:number>/", plan_versions.version, name="plan_version"),
    path(
        f"{PLAN}versions/<int:number>/pdf/",
        plan_versions.version_paper,
        {"kind": "pdf"},
        name="plan_pdf",
    ),
    path(
        f"{PLAN}versions/<int:number>/word/",
        plan_versions.version_paper,
        {"kind": "word"},
        name="plan_word",
    ),
]
