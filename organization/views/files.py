"""Stored files, served only to those who may see a thing that carries them."""

from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from organization.files import may_read
from organization.models import StoredFile


@require_safe
def stored_file(request, pk):
    """The file itself: pictures inline, everything else as a download, never as a page."""
    stored = get_object_or_404(StoredFile, pk=pk)
    if not may_read(request.user, stored):
        raise Http404
    response = by_web_server(stored) if settings.FILES_REDIRECT else by_us(stored)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def by_us(stored: StoredFile) -> FileResponse:
    return FileResponse(
        stored.file.open("rb"),
        as_attachment=not stored.is_image,
        filename=stored.name,
        content_type=stored.mime,
    )


def by_web_server(stored: StoredFile) -> HttpResponse:
    """Says which file; nginx sends it, from a location that nobody reaches from outside."""
    response = HttpResponse(content_type=stored.mime)
    response.headers["X-Accel-Redirect"] = settings.FILES_REDIRECT + quote(stored.file.name)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=not stored.is_image, filename=stored.name
    )
    return response
