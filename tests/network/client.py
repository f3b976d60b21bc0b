"""The program on the client's host: logs in, and prints a line of JSON for each login.

Its argument is a JSON object:

    origin, options   of the client
    times             how many logins: one after the other, or all at once
    at_once           whether each is on a thread of its own
    kept              whether one client makes all, and keeps its connections; else each has its own
    cancel            whether each is cancelled as soon as its name is being looked up
    stepwise          whether a line on standard input begins each login
    settle            whether to wait for what they leave behind, and print that on a last line
"""

import json
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import testpress

LOOKUP = "testpress-dns"
PATIENCE = 15
PAUSE = 0.002


def lookups():
    """The threads of the library that are looking up a name."""
    count = 0
    for task in Path("/proc/self/task").iterdir():
        try:
            count += (task / "comm").read_text().strip() == LOOKUP
        except OSError:  # it has just ended
            continue
    return count


def holdings():
    """Threads and descriptors."""
    return [len(list(Path("/proc/self", kind).iterdir())) for kind in ("task", "fd")]


class Cancellation:
    """Cancels a login amid its lookup, and remembers when."""

    def __init__(self):
        self.call = testpress.Call()
        self.moment = None
        # An earlier login may have left one behind.
        self._before = lookups()
        self._thread = threading.Thread(target=self._cancel)
        self._thread.start()

    def _cancel(self):
        until = time.monotonic() + PATIENCE
        while lookups() <= self._before and time.monotonic() < until:
            time.sleep(PAUSE)
        self.moment = time.monotonic()
        self.call.cancel()

    def join(self):
        self._thread.join()


def log_in(client, cancel):
    cancellation = Cancellation() if cancel else None
    call = cancellation and cancellation.call
    begun, error = time.monotonic(), None
    try:
        client.login("testpress", "demo", call=call)
    except testpress.TestpressError as caught:
        error = caught
    ended = time.monotonic()
    if cancellation:
        cancellation.join()
        begun = cancellation.moment
    return {
        "status": error.status_name if error else "TP_OK",
        "seconds": ended - begun,
        "request_sent": error.request_sent if error else True,
        "message": error.message if error else "",
    }


def log_in_repeatedly(job):
    with ExitStack() as open_clients:
        kept = None
        for _ in range(1 if job["at_once"] else job["times"]):
            if kept is None or not job["kept"]:
                new = testpress.Client(job["origin"], **job["options"])
                kept = open_clients.enter_context(new)
            if job["stepwise"]:
                sys.stdin.readline()
            print_line(log_in(kept, job["cancel"]))


def print_line(result):
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


def settle(before):
    """What is left when the system's resolver has given up, too; and how much there was of it."""
    most = lookups()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        most = max(most, lookups())
        left = [now - then for now, then in zip(holdings(), before)]
        if max(left) <= 0:
            break
        time.sleep(PAUSE)
    return {"lookups": most, "threads_left": left[0], "descriptors_left": left[1]}


def main(job):
    testpress.Client(job["origin"], **job["options"]).close()
    before = holdings()
    count = job["times"] if job["at_once"] else 1
    threads = [threading.Thread(target=log_in_repeatedly, args=(job,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if job["settle"]:
        print_line(settle(before))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
