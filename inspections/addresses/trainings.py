"""Addresses of surveys and trainings."""

from django.urls import path

from inspections.views import needs, training, trainings

urlpatterns = [
    path("c/<slug:campaign>/trainings/", trainings.trainings, name="trainings"),
    path("c/<slug:campaign>/trainings/new/", trainings.training_new, name="training_new"),
    path("c/<slug:campaign>/trainings/<int:pk>/", training.training, name="training"),
    path(
        "c/<slug:campaign>/trainings/<int:pk>/edit/", trainings.training_edit, name="training_edit"
    ),
    path("c/<slug:campaign>/trainings/<int:pk>/sheet/", training.sheet, name="training_sheet"),
    path("c/<slug:campaign>/trainings/<int:pk>/excel/", training.excel, name="training_excel"),
    path("c/<slug:campaign>/needs/new/", needs.needs_new, name="needs_new"),
    path("c/<slug:campaign>/needs/<int:pk>/", needs.needs, name="needs"),
]
