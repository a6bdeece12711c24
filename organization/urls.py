from django.urls import path

from organization.views import (
    accounts,
    confirming,
    factors,
    files,
    looking,
    my_data,
    oidc,
    password_link,
    saved_views,
    sessions,
    tokens,
)

urlpatterns = [
    path("accounts/login/", accounts.SignIn.as_view(), name="login"),
    path("accounts/logout/", accounts.SignOut.as_view(), name="logout"),
    path("accounts/sso/", oidc.sso_start, name="sso_start"),
    path("accounts/sso/answer/", oidc.sso_answer, name="sso_answer"),
    path("accounts/forgotten/", password_link.forgotten, name="forgotten"),
    path(
        "accounts/password/<uidb64>/<token>/",
        password_link.SetPassword.as_view(),
        name="set_password",
    ),
    path("accounts/language/", accounts.language, name="language"),
    path("accounts/second-step/", factors.second_step, name="second_step"),
    path("settings/look/", looking.look_as, name="look_as"),
    path("settings/look/end/", looking.look_end, name="look_end"),
    path("settings/sign-in/", factors.sign_in_rules, name="sign_in_rules"),
    path("me/", accounts.me, name="me"),
    path("me/password/", accounts.OwnPassword.as_view(), name="my_password"),
    path("me/confirm/", confirming.confirm, name="confirm"),
    path("me/factors/", factors.my_factors, name="my_factors"),
    path("me/sessions/", sessions.sessions, name="my_sessions"),
    path("me/views/", saved_views.saved_views, name="saved_views"),
    path("me/tokens/", tokens.tokens, name="my_tokens"),
    path("me/data/", my_data.my_data, name="my_data"),
    path("files/<uuid:pk>/", files.stored_file, name="file"),
]
