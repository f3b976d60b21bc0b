"""Two HTTP servers on this machine: /whoami answers, /to/URL redirects there; each remembers what it was sent."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class Site:
    def __init__(self) -> None:
        self.authorizations: list[str | None] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.authorizations.append(self.headers["Authorization"])
                target = unquote(self.path.partition("/to/")[2])
                self.send_response(302 if target else 200)
                if target:
                    self.send_header("Location", target)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing on stderr."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def by_another_name(self) -> str:
        """The same server, but another host, and so another origin."""
        return self.origin.replace("127.0.0.1", "localhost")


@contextlib.contextmanager
def two_sites() -> Iterator[tuple[Site, Site]]:
    sites = Site(), Site()
    threads = [threading.Thread(target=site.server.serve_forever, args=(0.02,)) for site in sites]
    for thread in threads:
        thread.start()
    try:
        yield sites
    finally:
        for site, thread in zip(sites, threads):
            site.server.shutdown()
            thread.join()
            site.server.server_close()
