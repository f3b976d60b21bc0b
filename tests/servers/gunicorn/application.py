"""Answers each request with the profile of a user that has just logged in."""

import os
import urllib.request

import testpress

# Made before the workers are forked: each makes connections of its own from it.
CLIENT = testpress.Client(os.environ["TESTPRESS_INSTITUTE"])
CLIENT.login("testpress", "demo")


def application(environ, start_response):
    token = CLIENT.login("testpress", "demo")
    request = urllib.request.Request(f"{token.origin}/api/v2.2/me/")
    request.add_header("Authorization", token.authorization)
    with urllib.request.urlopen(request, timeout=10) as answer:
        profile = answer.read()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [profile]
