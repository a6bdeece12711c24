"""A process that has loaded the product once and makes workers and schedulers by forking.

Each of them is then a process like any other, to be killed by its id; only the seconds that
loading takes are saved. Reads a JSON line for each, answers with its process id.
"""

import gc
import json
import os
import signal
import sys
import traceback
from contextlib import suppress

from portal.serving import die_with_parent


def main() -> None:
    from tests.faults import app

    app.load()
    gc.freeze()  # so that children need not copy what they only read
    print("ready", flush=True)
    for line in sys.stdin:
        bury()
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            live(order, app.run)
        print(child, flush=True)
    bury()


def bury() -> None:
    """Wait for those that have ended, so that their time counts as this process's."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def live(order: dict, run) -> None:
    """What a child does; it never returns to the nursery."""
    code = 1
    try:
        os.setsid()
        die_with_parent(signal.SIGKILL)
        out = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, file in enumerate((nothing, out, out)):
            os.dup2(file, number)
        run(order["arguments"], order["changes"])
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError):
            sys.stderr.flush()
            sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    die_with_parent(signal.SIGKILL)
    main()
