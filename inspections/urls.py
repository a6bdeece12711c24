"""Addresses of this app: each room keeps its own list in inspections/addresses/."""

from inspections.addresses import (
    appeals,
    audit_visits,
    auditors,
    callbacks,
    cases,
    exams,
    findings,
    learning,
    plans,
    post_questions,
    self_checks,
    sheets,
    signing,
    trainings,
)

urlpatterns = [
    *plans.urlpatterns,
    *findings.urlpatterns,
    *cases.urlpatterns,
    *sheets.urlpatterns,
    *signing.urlpatterns,
    *appeals.urlpatterns,
    *auditors.urlpatterns,
    *audit_visits.urlpatterns,
    *post_questions.urlpatterns,
    *callbacks.urlpatterns,
    *self_checks.urlpatterns,
    *exams.urlpatterns,
    *learning.urlpatterns,
    *trainings.urlpatterns,
]
