"""Who asks: the session of the browser (with its CSRF token), or a token in somebody's name."""

import threading

from django.utils import timezone, translation
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import AuthRateThrottle

from organization.tokens import person_with


class Token(HttpBearer):
    """`Authorization: Bearer` with a token from the page `me/tokens/`."""

    def authenticate(self, request, token):
        person = person_with(token, at=timezone.now())
        if person is not None:
            request.user = person
            if person.language:
                translation.activate(person.language)  # LanguageMiddleware puts it back
        return person


class Session(SessionAuth):
    """Not asked where a token is sent: a program has no CSRF token."""

    def __call__(self, request):
        return None if request.headers.get("Authorization") else super().__call__(request)


class PersonThrottle(threading.local, AuthRateThrottle):
    """Counts by the person: the library goes by what is shown of one, and namesakes share that.

    It keeps in itself what it counts just now, so each thread has one of its own.
    """

    def get_cache_key(self, request):
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk}


WAYS_IN = [Token(), Session()]
# so many of one person that only a program gone wild reaches it
THROTTLE = [PersonThrottle("1200/m")]
