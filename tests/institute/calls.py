"""Requests to the institute as its tests make them, with nothing but the standard library."""

import base64
import hashlib
import hmac
import json
import os
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

LOGIN = "/api/v2.5/auth-token/"
ME = "/api/v2.2/me/"
LOGOUT = "/api/v2.4/auth/logout/"
PLAYBACK = "/api/v2.5/admin/videos/4b9a1f0c-7f5d-4a43-9b0e-0f3c6f2f4a10/access-tokens/"

# The one of settings.py, which needs Django to be read.
SECRET_KEY = "a test institute keeps no secrets and signs with this"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()

    def json(self):
        assert self.headers["Content-Type"] == "application/json", self.headers["Content-Type"]
        return json.loads(self.body)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def send(method, path, body=None, host=None, **headers):
    """One request over TLS that is verified with SSL_CERT_FILE."""
    url = os.environ["TESTPRESS_INSTITUTE"]
    if host:
        url = f"https://{host}:{urlsplit(url).port}"
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url + path, body, headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)
    try:
        return Answer(opener.open(request, timeout=30))
    except urllib.error.HTTPError as error:
        return Answer(error)


def post_login(fields, path=LOGIN, **headers):
    headers.setdefault("content_type", "application/json")
    return send("POST", path, json.dumps(fields).encode(), **headers)


def post_multipart(**fields):
    parts = "".join(
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    body = f"{parts}--cut--\r\n".encode()
    return send("POST", LOGIN, body, content_type="multipart/form-data; boundary=cut")


def login(username, password="demo"):
    return post_login({"username": username, "password": password})


def token_of(username):
    return login(username).json()["token"]


def with_token(token, method="GET", path=ME, body=None):
    headers = {"content_type": "application/json"} if body is not None else {}
    return send(method, path, body, authorization=f"JWT {token}", **headers)


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def sign(**payload):
    """A token that no login hands out."""
    parts = [{"typ": "JWT", "alg": "HS256"}, payload]
    text = b".".join(encode(json.dumps(part).encode()) for part in parts)
    signature = hmac.new(SECRET_KEY.encode(), text, hashlib.sha256).digest()
    return (text + b"." + encode(signature)).decode()


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def connect(context):
    address = urlsplit(os.environ["TESTPRESS_INSTITUTE"])
    connection = socket.create_connection((address.hostname, address.port), timeout=30)
    return context.wrap_socket(connection, server_hostname=address.hostname)


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
