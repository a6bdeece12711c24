"""Redis as the task broker: Kombu's, mended where it ends a worker instead of connecting again."""

from kombu.transport import redis


class Channel(redis.Channel):
    def close(self):
        """Wholly, also when Redis is gone.

        Kombu's reads once more first. Where that fails the channel stays open, and when the worker
        closes it for the second time, it looks for the address of a connection that is no more.
        """
        try:
            super().close()
        finally:
            if not self.closed:
                super().close()


class Transport(redis.Transport):
    Channel = Channel
