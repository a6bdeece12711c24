"""All addresses: each app's own list, without a prefix."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.urls")),
    path("", include("organization.urls")),
    path("", include("campaign.urls")),
    path("", include("scoring.urls")),
    path("", include("inspections.urls")),
    path("", include("rewards.urls")),
    path("admin/", admin.site.urls),
]
