"""Stored files, served only to those who may see a thing that carries them."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from organization.files import may_read
from organization.models import StoredFile


@require_safe
def stored_file(request, pk):
    """The file itself: pictures inline, everything else as a download, never as a page."""
    stored = get_object_or_404(StoredFile, pk=pk)
    if not may_read(request.user, stored):
        raise Http404
    response = FileResponse(
        stored.file.open("rb"),
        as_attachment=not stored.is_image,
        filename=stored.name,
        content_type=stored.mime,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response
