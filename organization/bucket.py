"""Files in a bucket of an S3-compatible storage instead of a folder (FILES_BUCKET).

Nobody but the application reaches it: pages give the files out (organization.views.files). One
object is one file, written by one request and read whole, so that there is never half of one.
"""

import base64
import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import SpooledTemporaryFile

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from organization.errors import StorageAway

CONNECT = 2  # seconds until a bucket that nobody answers for is called away
ANSWER = 15  # seconds for each answer of it
ATTEMPTS = 2
IN_MEMORY = 2**21  # a larger file is read into a temporary one
PROBE = ".ready"
log = logging.getLogger(__name__)


class Bucket(S3Storage):
    """Says FileNotFoundError for what is not there, StorageAway where the bucket does not answer.

    Both are OSErrors, as of a folder. Deleting never fails: what stays behind belongs to nothing
    and goes with the next round of organization.unclaimed.
    """

    making = threading.Lock()

    def __init__(self, *, patience: int = ANSWER, attempts: int = ATTEMPTS, **options):
        style = options.pop("addressing_style", None) or "auto"
        options["client_config"] = Config(
            connect_timeout=min(CONNECT, patience),
            read_timeout=patience,
            retries={"total_max_attempts": attempts, "mode": "standard"},
            max_pool_connections=32,
            s3={"addressing_style": style},
            signature_version="s3v4",
            # newer sums that other makes do not know; Content-MD5 guards what is written
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(file_overwrite=False, **options)
        self.made = None

    @property
    def connection(self):
        """One for all threads, as a client may be shared and takes its time to make."""
        with self.making:
            if self.made is None:
                self.made = self._create_session().resource(
                    "s3",
                    region_name=self.region_name,
                    endpoint_url=self.endpoint_url,
                    config=self.client_config,
                )
        return self.made

    @property
    def client(self):
        return self.connection.meta.client

    def _open(self, name, mode="rb"):
        if mode != "rb":
            raise ValueError("a stored file is never changed")
        content = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by who opened it
        with answering():
            got = self.client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
            for piece in got["Body"].iter_chunks(2**18):
                content.write(piece)
        size = content.tell()
        content.seek(0)
        opened = File(content, name)
        opened.size = size
        return opened

    def _save(self, name, content):
        data = b"".join(
            piece.encode() if isinstance(piece, str) else piece for piece in content.chunks()
        )
        key = self._normalize_name(name)
        digest = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        with answering():
            self.client.put_object(
                Bucket=self.bucket_name,
                Key=key,
                Body=data,
                ContentMD5=digest,
                **self._get_write_parameters(key, content),
            )
        return name

    def delete(self, name):
        try:
            with answering():
                super().delete(name)
        except OSError as error:
            log.warning("a file stays in the bucket until it is looked for again: %s", error)

    def exists(self, name):
        with answering():
            return super().exists(name)

    def listdir(self, name):
        with answering():
            return super().listdir(name)

    def size(self, name):
        with answering():
            return super().size(name)

    def pages(self) -> Iterator[list[tuple[str, datetime]]]:
        """All that is in it, by at most a thousand: name, and when it was written."""
        listing = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name)
        with answering():
            for page in listing:
                yield [(each["Key"], each["LastModified"]) for each in page.get("Contents", ())]

    def probe(self) -> None:
        """Write a file and take it away again. Raises StorageAway, within a few seconds."""
        hasty = Bucket(patience=2, attempts=1, **self.told)
        hasty._save(PROBE, ContentFile(b"ready"))
        with answering():
            super(Bucket, hasty).delete(PROBE)

    @property
    def told(self) -> dict:
        names = "bucket_name", "endpoint_url", "region_name", "access_key", "secret_key"
        style = self.client_config.s3["addressing_style"]
        return {name: getattr(self, name) for name in names} | {"addressing_style": style}


@contextmanager
def answering():
    """What the library raises, as OSErrors; its words name no key."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"].get("HTTPStatusCode") == 404 and not no_bucket(error):
            raise FileNotFoundError("no such file in the bucket") from None
        raise StorageAway(f"the bucket refused: {code_of(error)}") from None
    except BotoCoreError as error:
        raise StorageAway(f"the bucket does not answer: {type(error).__name__}") from None


def code_of(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def no_bucket(error: ClientError) -> bool:
    return code_of(error) == "NoSuchBucket"
