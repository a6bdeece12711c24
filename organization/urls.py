from django.contrib.auth import views as auth_views
from django.urls import path

from organization.views import accounts, files

urlpatterns = [
    path("accounts/login/", accounts.SignIn.as_view(), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/language/", accounts.language, name="language"),
    path("me/", accounts.me, name="me"),
    path("files/<uuid:pk>/", files.stored_file, name="file"),
]
