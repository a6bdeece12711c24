"""Objects of a bucket that no row names: an upload whose row was never written, a deletion that the
bucket did not hear. What was erased has to be gone; so they are looked for and deleted.
"""

import logging
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage

from organization.errors import StorageAway
from organization.models import StoredFile

AGE = timedelta(days=7)  # a file is there before its row; a database may be set back by a day
OURS = re.compile(r"\d{4}/\d{2}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.\w+")
FEW = 50
log = logging.getLogger(__name__)


def erase_unclaimed(at: datetime) -> int:
    """Delete what has lain in the bucket for a week without a row; how many.

    One question a thousand objects to the bucket and to the table of files. Nothing where it would
    be more than a tenth of what rows name: then this is another installation's bucket, or the
    wrong database. While the bucket is away it is left for the next time.
    """
    if not settings.FILES_BUCKET:
        return 0
    try:
        claimed, unclaimed = looked_through(at)
    except StorageAway as error:
        log.warning("the bucket was not looked through: %s", error)
        return 0
    if len(unclaimed) > min(max(FEW, claimed // 10), claimed):
        log.error("most of the bucket belongs to no file of this database: nothing was deleted")
        return 0
    for name in unclaimed:
        default_storage.delete(name)
    return len(unclaimed)


def looked_through(at: datetime) -> tuple[int, list[str]]:
    """How many objects rows name, and the old ones that none does."""
    claimed, unclaimed = 0, []
    for page in default_storage.pages():
        names = [name for name, written in page if written < at - AGE and OURS.fullmatch(name)]
        with_row = set(StoredFile.objects.filter(file__in=names).values_list("file", flat=True))
        claimed += len(with_row)
        unclaimed += [name for name in names if name not in with_row]
    return claimed, unclaimed
