"""All addresses: each app's own list, without a prefix."""

from django.contrib import admin
from django.urls import include, path

handler400 = "organization.views.errors.bad_request"
handler500 = "organization.views.errors.server_error"

urlpatterns = [
    path("", include("portal.urls")),
    path("", include("organization.urls")),
    path("", include("campaign.urls")),
    path("", include("scoring.urls")),
    path("", include("inspections.urls")),
    path("", include("rewards.urls")),
    path("admin/", admin.site.urls),
]
