"""The task worker's and scheduler's application."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pinzhi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
