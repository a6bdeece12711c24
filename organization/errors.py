"""How a domain function says no: with a sentence for the reader, never with a bare exception."""

from collections.abc import Mapping

from django.core.exceptions import BadRequest, PermissionDenied


class Refused(Exception):
    """A move that the facts or the plan's rules do not allow now; nothing was written.

    `message` is translated when shown; `code` names the rule for tests and machines; `field`
    the input that it is about, where it is about one.
    """

    def __init__(self, message, code: str = "refused", field: str = ""):
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field

    def __str__(self):
        return str(self.message)


class StorageAway(OSError):
    """Where files are kept does not answer, or refuses; pages that need none go on."""


class Conflict(Refused):
    """Somebody else changed the thing meanwhile; `theirs` is how it stands now."""

    def __init__(self, message, theirs):
        super().__init__(message, code="conflict")
        self.theirs = theirs


def require(user, perm: str, obj=None) -> None:
    """403 for a reader who may not do this; a stranger was turned away with 404 before."""
    if not user.has_perm(perm, obj):
        raise PermissionDenied


def move_of(moves: Mapping, asked: str | None):
    """What a button asks for; 400, with a page that says so, for what no page offers."""
    if asked not in moves:
        raise BadRequest(f"no such move: {asked}")
    return moves[asked]
