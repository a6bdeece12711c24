"""Language by choice, not by the browser; pages for signed-in people only."""

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.utils import translation

CODES = {code for code, _ in settings.LANGUAGES}


class LanguageMiddleware:
    """Chinese unless this person, or this browser, switched to English.

    Django's own middleware would follow Accept-Language; a Chinese company's people use
    browsers of any language and still read Chinese.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with translation.override(chosen_language(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def chosen_language(request) -> str:
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in CODES:
        return cookie
    return getattr(request.user, "language", "") or settings.LANGUAGE_CODE


class SignedInMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless its view says otherwise."""
