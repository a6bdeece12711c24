"""Addresses of audit visits and of their schedule."""

from django.urls import path

from inspections.views import audit_visits

HERE = "c/<slug:campaign>/inspection/"
urlpatterns = [
    path(HERE, audit_visits.audit_visits, name="audit_visits"),
    path(f"{HERE}excel/", audit_visits.excel, name="audit_visits_excel"),
    path(f"{HERE}schedule/", audit_visits.schedule_move, name="audit_schedule"),
    path(f"{HERE}schedule/draft/", audit_visits.schedule_draft, name="audit_schedule_draft"),
    path(f"{HERE}new/", audit_visits.visit_new, name="audit_visit_new"),
    path(f"{HERE}<int:pk>/", audit_visits.visit, name="audit_visit"),
]
