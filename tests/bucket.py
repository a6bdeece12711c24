"""A real S3 server on loopback, and the installation under test with its files in there."""

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.campaign.letterbox import free_port

NAME = "pinzhi"
KEYS = {"FILES_KEY_ID": "key", "FILES_SECRET": "secret"}


class Store:
    """The server and its one bucket; `stop` takes the server away, its port stays free."""

    def __init__(self):
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.port = self.server.get_host_and_port()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        self.client.create_bucket(Bucket=NAME)

    @property
    def options(self):
        return {
            "bucket_name": NAME,
            "endpoint_url": self.url,
            "region_name": "us-east-1",
            "access_key": "key",
            "secret_key": "secret",
            "addressing_style": "path",
        }

    @property
    def environment(self):
        address = {"FILES_ENDPOINT": self.url, "FILES_ADDRESSING": "path"}
        return KEYS | address | {"FILES_BUCKET": NAME, "FILES_REGION": "us-east-1"}

    def names(self):
        found = self.client.list_objects_v2(Bucket=NAME).get("Contents", [])
        return sorted(each["Key"] for each in found)

    def read(self, name):
        return self.client.get_object(Bucket=NAME, Key=name)["Body"].read()

    def put(self, name, data):
        self.client.put_object(Bucket=NAME, Key=name, Body=data)

    def empty(self):
        for name in self.names():
            self.client.delete_object(Bucket=NAME, Key=name)


@pytest.fixture(scope="session")
def store():
    made = Store()
    yield made
    made.server.stop()


@pytest.fixture
def bucket(store, settings):
    """Files of the test go into the bucket, which is empty before and afterwards."""
    store.empty()
    use(settings, store.options)
    yield store
    store.empty()


@pytest.fixture
def away(settings, store):
    """A bucket whose server is not there."""
    use(settings, store.options | {"endpoint_url": f"http://127.0.0.1:{free_port()}"})


def use(settings, options):
    settings.FILES_BUCKET = NAME
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "organization.bucket.Bucket", "OPTIONS": options}
    }
