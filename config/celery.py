"""The task worker's and scheduler's application."""

import os

from celery import Celery, Task

from organization.origin import coming_from

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class OnRecord(Task):
    """What a task puts on record says which task it was."""

    abstract = True

    def __call__(self, *args, **kwargs):
        with coming_from("task", via=self.name):
            return super().__call__(*args, **kwargs)


app = Celery("pinzhi", task_cls=OnRecord)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
