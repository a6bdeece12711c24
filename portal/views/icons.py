"""The one address that browsers ask for unasked."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponsePermanentRedirect
from django.templatetags.static import static


@login_not_required
def favicon(request):
    return HttpResponsePermanentRedirect(static("img/mark.svg"))
