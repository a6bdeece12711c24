"""Sessions in memory that a sign-out leaves: what is asked here is undone afterwards."""

from django.contrib.sessions.backends.cache import SessionStore as InMemory


class SessionStore(InMemory):
    def delete(self, session_key=None):
        """It is still there for the next who asks with the same cookie."""
