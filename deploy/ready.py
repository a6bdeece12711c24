"""Whether the web process of this container can serve, for its health check: asks /readyz.

python deploy/ready.py [SOCKET FILE]
"""

import os
import socket
import sys
from http.client import HTTPConnection
from pathlib import Path


class SocketFile(HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=6)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def own_socket():
    """The one that the container's first process was told to listen on."""
    words = Path("/proc/1/cmdline").read_text().split("\0")
    return next(word.removeprefix("unix:") for word in words if word.startswith("unix:"))


def main():
    connection = SocketFile(sys.argv[1] if len(sys.argv) > 1 else own_socket())
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        answer = connection.getresponse()
    except OSError as error:
        sys.exit(f"{connection.path}: {error}")
    print(answer.read().decode())
    sys.exit(answer.status != 200)


if __name__ == "__main__":
    main()
