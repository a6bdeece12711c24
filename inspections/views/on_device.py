"""The page of what waits on this device; what it shows comes from the browser's own store."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def on_device(request):
    return render(request, "inspections/on_device.html")
