from django.urls import path

from portal.api.api import addresses as api_addresses
from portal.views import (
    app,
    briefing,
    dashboard,
    explain,
    health,
    home,
    icons,
    review,
    search,
    timeline,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("c/<slug:campaign>/timeline/", timeline.timeline, name="timeline"),
    path("c/<slug:campaign>/review/", review.review, name="review"),
    path("c/<slug:campaign>/search/", search.page, name="search"),
    path("c/<slug:campaign>/dashboard/", dashboard.dashboard, name="dashboard"),
    path("c/<slug:campaign>/dashboard/missed/<int:requirement>/", dashboard.missed, name="missed"),
    path("c/<slug:campaign>/results/<str:project>/explained/", explain.explain, name="explain"),
    path("c/<slug:campaign>/briefing/", briefing.deck, name="briefing_deck"),
    path("api/v1/", api_addresses()),
    path("sw.js", app.service_worker, name="service_worker"),
    path("app.webmanifest", app.web_manifest, name="web_manifest"),
    path("offline/", app.offline, name="offline"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("favicon.ico", icons.favicon, name="favicon"),
]
