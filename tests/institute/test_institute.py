"""What the institute answers, request by request.

tests/institute/run python3 -m unittest discover -s tests/institute -p test_institute.py
"""

import json
import os
import re
import ssl
import time
import unittest
from pathlib import Path

from calls import (
    LOGIN,
    LOGOUT,
    ME,
    PLAYBACK,
    claims,
    connect,
    has_ipv6,
    login,
    post_login,
    post_multipart,
    send,
    sign,
    token_of,
    with_token,
)

README = Path(__file__).resolve().parent / "README.md"


def setUpModule():
    if "TESTPRESS_INSTITUTE" not in os.environ:
        raise RuntimeError("start these tests through tests/institute/run")


def users_of_readme():
    row = re.compile(r"^\| `(.+?)` \| `(.+?)` \| ([\d, ]+) \|", re.MULTILINE)
    for username, password, statuses in row.findall(README.read_text("utf-8")):
        yield username, password, [int(status) for status in statuses.split(", ")]


class Users(unittest.TestCase):
    def test_every_user_of_the_readme_is_answered_as_it_says(self):
        users = list(users_of_readme())
        self.assertEqual(len(users), 11)
        for username, password, statuses in users:
            with self.subTest(username):
                self.assertIn(login(username, password).status, statuses)
                multipart = post_multipart(username=username, password=password)
                self.assertIn(multipart.status, statuses)


class Login(unittest.TestCase):
    def test_success_is_created_with_a_token_and_its_time(self):
        for version in ("v2.2", "v2.3", "v2.5"):
            with self.subTest(version):
                fields = {"username": "testpress", "password": "demo"}
                answer = post_login(fields, f"/api/{version}/auth-token/")
                self.assertEqual(answer.status, 201)
                self.assertEqual(set(answer.json()), {"pk", "token"})
                self.assertEqual(answer.json()["pk"], claims(answer.json()["token"])["iat"])

    def test_claims_are_the_documented_ones_and_those_of_drf_jwt(self):
        payload = claims(token_of("testpress"))
        self.assertEqual(payload.pop("username"), "testpress")
        self.assertEqual(payload.pop("user_id"), 17)
        self.assertEqual(payload.pop("email"), "testpress@example.com")
        lifetime = int(os.environ.get("INSTITUTE_TOKEN_SECONDS", 7 * 24 * 60 * 60))
        self.assertEqual(payload.pop("exp") - payload["iat"], lifetime)
        self.assertEqual(payload.pop("orig_iat"), payload.pop("iat"))
        self.assertEqual(set(payload), {"jti"})

    def test_a_username_of_digits_is_a_number_in_the_token(self):
        token = token_of("13956")
        self.assertEqual(claims(token)["username"], 13956)
        self.assertEqual(with_token(token).json()["username"], "13956")

    def test_blanks_around_the_fields_are_trimmed(self):
        self.assertEqual(login(" testpress ", "\tdemo ").status, 201)

    def test_any_other_version_and_path_is_an_html_page(self):
        for path in ("/api/v2.4/auth-token/", "/nowhere/", "/"):
            with self.subTest(path):
                answer = post_login({}, path)
                self.assertEqual(answer.status, 404)
                self.assertTrue(answer.headers["Content-Type"].startswith("text/html"))

    def test_a_missing_slash_is_an_empty_redirect(self):
        answer = post_login({"username": "testpress", "password": "demo"}, LOGIN.rstrip("/"))
        self.assertEqual((answer.status, answer.body), (301, ""))
        self.assertEqual(answer.headers["Location"], LOGIN)


class RefusedLogin(unittest.TestCase):
    def assert_refused(self, answer, fields):
        self.assertEqual((answer.status, answer.json()), (400, fields))

    def test_wrong_credentials(self):
        text = "Unable to log in with provided credentials."
        for username, password in (
            ("testpress", "wrong"),
            ("nobody", "demo"),
            ("inactive", "demo"),
        ):
            with self.subTest(username):
                self.assert_refused(login(username, password), {"non_field_errors": [text]})

    def test_a_field_that_is_no_text(self):
        for field, text in (
            ("", "This field may not be blank."),
            ("   ", "This field may not be blank."),
            (None, "This field may not be null."),
            ([], "Not a valid string."),
            (True, "Not a valid string."),
            ("de\0mo", "Null characters are not allowed."),
        ):
            with self.subTest(repr(field)):
                self.assert_refused(login("testpress", field), {"password": [text]})

    def test_missing_fields(self):
        text = ["This field is required."]
        self.assert_refused(post_login({"username": "testpress"}), {"password": text})
        self.assert_refused(post_login({}), {"username": text, "password": text})

    def test_malformed_json(self):
        answer = send("POST", LOGIN, b'{"username":', content_type="application/json")
        self.assertEqual(answer.status, 400)
        self.assertRegex(answer.json()["detail"], "^JSON parse error - ")

    def test_wrong_content_type(self):
        answer = post_login({}, content_type="text/plain")
        self.assertEqual(answer.status, 415)
        text = 'Unsupported media type "text/plain" in request.'
        self.assertEqual(answer.json(), {"detail": text})

    def test_wrong_method(self):
        answer = send("GET", LOGIN)
        self.assertEqual(answer.status, 405)
        self.assertEqual(answer.json(), {"detail": 'Method "GET" not allowed.'})

    def test_texts_are_localised(self):
        answer = post_login({"username": "testpress", "password": "x"}, accept_language="de")
        text = "Die angegebenen Zugangsdaten stimmen nicht."
        self.assert_refused(answer, {"non_field_errors": [text]})
        self.assertEqual(answer.headers["Content-Language"], "de")

    def test_the_second_login_of_a_throttled_user(self):
        login("throttled")
        answer = login("throttled")
        self.assertEqual(answer.status, 429)
        seconds = int(answer.headers["Retry-After"])
        self.assertTrue(1 <= seconds <= 60, seconds)
        unit = "second" if seconds == 1 else "seconds"
        text = f"Request was throttled. Expected available in {seconds} {unit}."
        self.assertEqual(answer.json(), {"detail": text})

    def test_a_fault_is_an_html_page(self):
        answer = login("fault")
        self.assertEqual(answer.status, 500)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/html"))
        self.assertIn("Server Error (500)", answer.body)


class VendorRefusals(unittest.TestCase):
    def test_a_locked_account_whatever_the_password(self):
        for password in ("demo", "wrong"):
            answer = login("locked", password)
            self.assertEqual(answer.status, 403)
            self.assertEqual(answer.json()["error_code"], "max_login_exceeded")
            self.assertEqual(set(answer.json()), {"error_code", "title", "detail"})

    def test_too_many_devices(self):
        answer = login("devices")
        self.assertEqual(answer.status, 403)
        self.assertEqual(answer.json()["error_code"], "parallel_login_restriction")

    def test_too_many_devices_nested(self):
        answer = login("devices-nested")
        self.assertEqual((answer.status, set(answer.json())), (400, {"detail"}))
        detail = answer.json()["detail"]
        self.assertEqual(detail["error_code"], "parallel_login_restriction")
        self.assertEqual(set(detail), {"error_code", "message"})

    def test_too_many_devices_is_told_only_to_the_owner(self):
        for username in ("devices", "devices-nested", "fault"):
            with self.subTest(username):
                self.assertEqual(set(login(username, "wrong").json()), {"non_field_errors"})


class LaterCalls(unittest.TestCase):
    def test_the_profile(self):
        answer = with_token(token_of("testpress"))
        self.assertEqual(answer.status, 200)
        self.assertEqual(
            answer.json(),
            {
                "id": 17,
                "username": "testpress",
                "display_name": "Tess Press",
                "first_name": "Tess",
                "last_name": "Press",
                "email": "testpress@example.com",
            },
        )

    def test_unauthorized_with_a_challenge(self):
        now = int(time.time())
        valid = {"username": "testpress", "exp": now + 60}
        self.assertEqual(with_token(sign(**valid)).status, 200)
        head, _, signature = token_of("testpress").split(".")
        for case, token, text in (
            ("expired", sign(**{**valid, "exp": now - 1}), "Token has expired."),
            (
                "tampered",
                f"{head}.{sign(**valid).split('.')[1]}.{signature}",
                "Error decoding token.",
            ),
            ("garbage", "garbage", "Error decoding token."),
            ("deleted user", sign(**{**valid, "username": "nobody"}), "Invalid token."),
            (
                "disabled user",
                sign(**{**valid, "username": "inactive"}),
                "User account is disabled.",
            ),
        ):
            with self.subTest(case):
                self.assert_unauthorized(with_token(token), text)

    def test_unauthorized_without_the_header_or_with_another_scheme(self):
        text = "Authentication credentials were not provided."
        self.assert_unauthorized(send("GET", ME), text)
        bearer = f"Bearer {token_of('testpress')}"
        self.assert_unauthorized(send("GET", ME, authorization=bearer), text)

    def assert_unauthorized(self, answer, text):
        self.assertEqual((answer.status, answer.json()), (401, {"detail": text}))
        self.assertEqual(answer.headers["WWW-Authenticate"], 'JWT realm="api"')

    def test_a_token_is_forbidden_after_logging_out(self):
        token, other = token_of("testpress"), token_of("testpress")
        answer = with_token(token, "POST", LOGOUT, b"")
        self.assertEqual((answer.status, answer.body), (204, ""))
        answer = with_token(token)
        self.assertEqual((answer.status, answer.json()), (403, {"detail": "Token is blacklisted."}))
        self.assertEqual(with_token(other).status, 200)

    def test_a_student_may_not_create_a_playback_token(self):
        answer = with_token(token_of("testpress"), "POST", PLAYBACK, b"{}")
        self.assertEqual(answer.status, 403)
        text = "You do not have permission to perform this action."
        self.assertEqual(answer.json(), {"detail": text})

    def test_a_moderator_creates_a_playback_token(self):
        answer = with_token(token_of("moderator"), "POST", PLAYBACK, b"{}")
        self.assertEqual(answer.status, 201)
        created = answer.json()
        self.assertEqual(
            set(created),
            {
                *("playback_url", "code", "status", "valid_until", "expires_after_first_usage"),
                *("annotations", "created", "modified"),
            },
        )
        self.assertIsNone(created["valid_until"])
        self.assertIn(created["code"], created["playback_url"])

    def test_a_playback_token_can_end(self):
        wanted = {"time_to_live": 60, "expires_after_first_usage": True, "annotations": [{"x": 1}]}
        body = json.dumps(wanted).encode()
        created = with_token(token_of("moderator"), "POST", PLAYBACK, body).json()
        self.assertGreater(created["valid_until"], created["created"])
        self.assertIs(created["expires_after_first_usage"], True)
        self.assertEqual(created["annotations"], [{"x": 1}])


class Connections(unittest.TestCase):
    def test_every_loopback_address_has_the_certificate(self):
        hosts = ["localhost", "127.0.0.1"] + ["[::1]"] * has_ipv6()
        for host in hosts:
            with self.subTest(host):
                self.assertEqual(send("GET", ME, host=host).status, 401)

    def test_the_certificate_is_trusted_through_its_authority_only(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            connect(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    def test_slow_requests_delay_no_other(self):
        slow = [connect(ssl.create_default_context()) for _ in range(8)]
        for connection in slow:
            self.addCleanup(connection.close)
            connection.sendall(b"POST /api/v2.5/auth-token/ HTTP/1.1\r\nHost: localhost\r\n")
        begun = time.monotonic()
        self.assertEqual(login("testpress").status, 201)
        self.assertLess(time.monotonic() - begun, 2)


if __name__ == "__main__":
    unittest.main()
