"""What is kept of the reader, as a file."""

import tempfile

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from organization.models import User
from organization.person_data import person_zip


@require_GET
def my_data(request):
    return data_of(request.user)


def data_of(person: User) -> FileResponse:
    """A ZIP, written to a file first: pictures of years don't fit into memory."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
    person_zip(person, out)
    out.seek(0)
    name = _("%(name)s的资料.zip") % {"name": person.name}
    return FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")
