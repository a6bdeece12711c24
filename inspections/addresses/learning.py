"""Addresses of what is learnt: seminars, policies, lessons, the summary."""

from django.urls import path

from inspections.views import lessons, policies, seminars, summary

C = "c/<slug:campaign>/"
urlpatterns = [
    path(f"{C}seminars/", seminars.seminars, name="seminars"),
    path(f"{C}seminars/new/", seminars.seminar_new, name="seminar_new"),
    path(f"{C}seminars/<int:pk>/", seminars.seminar, name="seminar"),
    path(
        f"{C}seminars/<int:pk>/papers/<slug:paper>.<slug:ending>",
        seminars.seminar_paper,
        name="seminar_paper",
    ),
    path(f"{C}policies/", policies.policies, name="policies"),
    path(f"{C}policies/new/", policies.policy_new, name="policy_new"),
    path(f"{C}policies/<int:pk>/", policies.policy, name="policy"),
    path(f"{C}policies/<int:pk>/edit/", policies.policy_edit, name="policy_edit"),
    path(f"{C}lessons/", lessons.lessons, name="lessons"),
    path(f"{C}lessons/for/", lessons.lessons_for, name="lessons_for"),
    path(f"{C}lessons/new/", lessons.lesson_new, name="lesson_new"),
    path(f"{C}lessons/<int:pk>/", lessons.lesson, name="lesson"),
    path(f"{C}lessons/<int:pk>/edit/", lessons.lesson_edit, name="lesson_edit"),
    path(f"{C}summary/", summary.summary, name="summary"),
    path(f"{C}summary/papers/summary.<slug:ending>", summary.paper, name="summary_paper"),
]
