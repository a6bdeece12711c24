"""Addresses of this app."""

from django.urls import path

from scoring.views import extras, league, rubric_import, rubrics

urlpatterns = [
    path("c/<slug:campaign>/league/", league.league, name="league"),
    path("c/<slug:campaign>/league/excel/", league.excel, name="league_excel"),
    path("c/<slug:campaign>/league/distribution/", league.distribution, name="league_distribution"),
    path("c/<slug:campaign>/league/projects/<str:project>/", league.row, name="league_row"),
    path("c/<slug:campaign>/rubrics/", rubrics.rubrics, name="rubrics"),
    path("c/<slug:campaign>/rubrics/extras/", extras.extras, name="rubric_extras"),
    path("c/<slug:campaign>/rubrics/weights/", rubrics.weights, name="rubric_weights"),
    path("c/<slug:campaign>/rubrics/import/", rubric_import.upload, name="rubric_import"),
    path("c/<slug:campaign>/rubrics/import/<uuid:pk>/", rubric_import.review, name="rubric_review"),
    path(
        "c/<slug:campaign>/rubrics/import/<uuid:pk>/progress/",
        rubric_import.progress,
        name="rubric_progress",
    ),
    path("c/<slug:campaign>/rubrics/<int:pk>/", rubrics.rubric, name="rubric"),
    path("c/<slug:campaign>/rubrics/<int:pk>/publish/", rubrics.publish, name="rubric_publish"),
]
