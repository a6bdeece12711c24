"""How the web server runs behind nginx: `gunicorn -c python:config.web config.wsgi`.

Each process listens on a socket file of its own (`--bind unix:…`). One that is told to stop takes
its file away first, so that nginx goes to the others, and answers everything that it was sent.
"""

from gunicorn.workers.gthread import ThreadWorker

from config import env

wsgi_app = "config.wsgi"
worker_class = "config.web.Worker"
workers = env.integer("WEB_WORKERS", default=2)
threads = env.integer("WEB_THREADS", default=8)
# Everything is loaded before the socket is there: nobody is sent to a process that still starts.
preload_app = True
# A stop waits for what was begun, the longest being an export; nginx gives up after 60 seconds.
graceful_timeout = 60
timeout = 120
# A hundred ticked findings stand in one address, and once more in that of the sign-in.
limit_request_line = 8190
# nginx alone reaches the socket file; what it says of address and scheme is believed.
forwarded_allow_ips = "*"
control_socket_disable = True
loglevel = "warning"


class Worker(ThreadWorker):
    """Also answers who was connected but not yet taken in when it was told to stop.

    The library's own leaves them in the socket's queue and closes it, and nginx may not send a
    form a second time that it has sent to a process already.
    """

    def set_accept_enabled(self, enabled):
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                self.take_in_all(listener)

    def take_in_all(self, listener):
        """Nobody joins the queue any more, as the file is gone; a worker beside takes a part."""
        known = -1
        while self.nr_conns > known:
            known = self.nr_conns
            self.accept(listener)
