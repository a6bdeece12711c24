"""Addresses of this app."""

from django.urls import path

from scoring.views import (
    extras,
    league,
    rubric_editing,
    rubric_files,
    rubric_import,
    rubrics,
    setup_scoring,
)

urlpatterns = [
    path("c/<slug:campaign>/league/", league.league, name="league"),
    path("c/<slug:campaign>/league/live/", league.live, name="league_live"),
    path("c/<slug:campaign>/league/excel/", league.excel, name="league_excel"),
    path("c/<slug:campaign>/league/distribution/", league.distribution, name="league_distribution"),
    path("c/<slug:campaign>/league/projects/<str:project>/", league.row, name="league_row"),
    path("c/<slug:campaign>/setup/scoring/", setup_scoring.rules, name="setup_scoring"),
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
    path("c/<slug:campaign>/rubrics/<int:pk>/excel/", rubric_files.excel, name="rubric_excel"),
    path("c/<slug:campaign>/rubrics/<int:pk>/blank/", rubric_files.blank, name="rubric_blank"),
    path("c/<slug:campaign>/rubrics/new/", rubric_editing.new, name="rubric_new"),
    path(
        "c/<slug:campaign>/rubrics/<int:pk>/items/new/", rubric_editing.item, name="rubric_item_new"
    ),
    path(
        "c/<slug:campaign>/rubrics/<int:pk>/items/<str:code>/",
        rubric_editing.item,
        name="rubric_item",
    ),
    path(
        "c/<slug:campaign>/rubrics/<int:pk>/sections/<slug:code>/",
        rubric_editing.section,
        name="rubric_section",
    ),
    path(
        "c/<slug:campaign>/rubrics/<int:pk>/arrange/", rubric_editing.arrange, name="rubric_arrange"
    ),
    path("c/<slug:campaign>/rubrics/<int:pk>/facts/", rubric_editing.facts, name="rubric_facts"),
    path(
        "c/<slug:campaign>/rubrics/<int:pk>/discard/", rubric_editing.discard, name="rubric_discard"
    ),
]
