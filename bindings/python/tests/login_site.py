"""A server on this machine that logs people in, asks for their token, and remembers who came.

POST /api/…/auth-token/ gives another token each time; 400 for the password "wrong". Any other path is 401 without a
token that the server accepts; then /to/URL redirects there, and the rest is 200.
"""

from __future__ import annotations

import base64
import contextlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import unquote

import testpress

WEEK = 7 * 86400


class Request(NamedTuple):
    method: str
    path: str
    authorization: str | None
    body: bytes


class LoginSite:
    def __init__(self) -> None:
        self.lifetime = WEEK
        self.accepts_tokens = True
        self.accepts_passwords = True
        self.logins: list[str] = []
        """The JWT of each login; "refused" for one that was none."""
        self.requests: list[Request] = []
        """All that were no login."""
        self.connections = 0
        self.arrived = threading.Semaphore(0)
        """Released by each login that comes."""
        self.gate = threading.Event()
        """What logins wait for before they are answered: open, unless a test closes it."""
        self.gate.set()
        self._accepted: set[str] = set()
        self._lock = threading.Lock()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.site = self
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def by_another_name(self) -> str:
        """The same server, but another host, and so another origin."""
        return self.origin.replace("127.0.0.1", "localhost")

    @property
    def answers(self) -> list[str | None]:
        """The header of each request."""
        return [request.authorization for request in self.requests]

    def client(self, **options: object) -> testpress.Client:
        return testpress.Client(self.origin, **{"proxy": "none", **options})

    def session(self, password: str = "demo", **options: object) -> testpress.Session:
        return testpress.Session(self.client(**options), "ada", password)

    def withdraw_all(self) -> None:
        """Every token that was given is answered with 401 from now on."""
        with self._lock:
            self._accepted.clear()

    def log_in(self, password: str) -> tuple[int, dict[str, object]]:
        self.arrived.release()
        self.gate.wait(30)
        with self._lock:
            if password == "wrong" or not self.accepts_passwords:
                self.logins.append("refused")
                return 400, {"non_field_errors": ["Unable to log in with provided credentials."]}
            jwt = self._new_jwt()
            self.logins.append(jwt)
            if self.accepts_tokens:
                self._accepted.add(f"JWT {jwt}")
        return 200, {"token": jwt}

    def accepts(self, request: Request) -> bool:
        with self._lock:
            self.requests.append(request)
            return request.authorization in self._accepted

    def _new_jwt(self) -> str:
        now = int(time.time())
        claims = {"username": "ada", "orig_iat": now, "exp": now + self.lifetime, "jti": len(self.logins)}
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
        return f"e30.{payload}.c2ln"


class _Server(ThreadingHTTPServer):
    site: LoginSite
    request_queue_size = 512

    def process_request(self, request: object, address: object) -> None:
        self.site.connections += 1
        super().process_request(request, address)

    def handle_error(self, request: object, address: object) -> None:
        # Clients that were cancelled are gone before their answer comes.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 30

    def do_GET(self) -> None:
        site = self.server.site
        body = self._body()
        if self.path.endswith("/auth-token/"):
            return self._answer(*site.log_in(json.loads(body)["password"]))
        request = Request(self.command, self.path, self.headers["Authorization"], body)
        if not site.accepts(request):
            return self._answer(401, {"detail": "Signature has expired."})
        target = unquote(self.path.partition("/to/")[2])
        return self._answer(307 if target else 200, {"username": "ada"}, target)

    do_POST = do_PUT = do_GET

    def _body(self) -> bytes:
        if self.headers["Transfer-Encoding"] != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"] or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, status: int, answer: dict[str, object], location: str = "") -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


@contextlib.contextmanager
def login_site() -> Iterator[LoginSite]:
    site = LoginSite()
    thread = threading.Thread(target=site.server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield site
    finally:
        site.gate.set()
        site.server.shutdown()
        thread.join()
        site.server.server_close()
