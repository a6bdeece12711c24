"""Addresses of improvement plans."""

from django.urls import path

from inspections.views import plan_list, plan_review, plans

urlpatterns = [
    path("c/<slug:campaign>/plans/", plan_list.plans, name="plans"),
    path("c/<slug:campaign>/plans/<str:project>/", plans.plan, name="plan"),
    path(
        "c/<slug:campaign>/plans/<str:project>/lines/<uuid:pk>/", plans.plan_line, name="plan_line"
    ),
    path("c/<slug:campaign>/plans/<str:project>/review/", plan_review.review, name="plan_review"),
]
