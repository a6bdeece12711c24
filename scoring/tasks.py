"""Long imports, behind the page. The database is the truth: a task that is delivered twice, or
to nobody because the broker is down, changes nothing but when it is done."""

import logging

from celery import Task, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from organization.errors import Refused
from organization.models import User
from scoring import reviews
from scoring.models import RubricImport

logger = logging.getLogger(__name__)


def ask(task: Task, *args) -> None:
    """Have a task done: by a worker, or at once where no broker takes it."""
    try:
        task.apply_async(args, retry=False)
    except OperationalError as error:
        logger.warning("no broker for %s, doing it at once: %s", task.name, error)
        task(*args)


@shared_task(name="scoring.tasks.read_upload")
def read_upload(import_pk: str) -> None:
    if import_ := RubricImport.objects.filter(pk=import_pk, stage=reviews.READING).first():
        reviews.read_upload(import_=import_)


@shared_task(name="scoring.tasks.confirm_import")
def confirm_import(import_pk: str, by_pk: int) -> None:
    import_ = RubricImport.objects.filter(pk=import_pk).first()
    by = User.objects.get(pk=by_pk)
    try:
        if import_:
            reviews.confirm_asked(import_=import_, by=by, at=timezone.now())
    except Refused as refusal:
        # its words stand on the page
        logger.info("import %s was not written: %s", import_pk, refusal)
