"""What is kept of the reader, or for an administrator of somebody, as a file."""

import tempfile
from typing import BinaryIO

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from organization.models import User
from organization.person_data import give_data, person_zip


@require_GET
def my_data(request):
    out = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
    person_zip(request.user, out)
    return as_file(request.user, out)


def data_of(person: User, *, by: User) -> FileResponse:
    """Somebody else's, which is put on record."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
    give_data(person=person, out=out, by=by, at=timezone.now())
    return as_file(person, out)


def as_file(person: User, out: BinaryIO) -> FileResponse:
    """A ZIP, written to a file first: pictures of years don't fit into memory."""
    out.seek(0)
    name = _("%(name)s的资料.zip") % {"name": person.name}
    return FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")
