from django.urls import path

from portal.views import health, home, review, timeline

urlpatterns = [
    path("", home.home, name="home"),
    path("c/<slug:campaign>/timeline/", timeline.timeline, name="timeline"),
    path("c/<slug:campaign>/review/", review.review, name="review"),
    path("healthz", health.healthz, name="healthz"),
]
