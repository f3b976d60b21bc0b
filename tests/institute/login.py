"""Logging in: drf-jwt's own view and serializer, and what the vendor adds to them."""

from rest_framework.exceptions import APIException
from rest_framework.throttling import SimpleRateThrottle
from rest_framework_jwt.serializers import JSONWebTokenSerializer
from rest_framework_jwt.views import ObtainJSONWebTokenView


class AccountLocked(APIException):
    status_code = 403
    default_detail = {
        "error_code": "max_login_exceeded",
        "title": "Account locked",
        "detail": "Your account has been locked after too many failed logins.",
    }


class TooManyDevices(APIException):
    status_code = 403
    default_detail = {
        "error_code": "parallel_login_restriction",
        "title": "Too many devices",
        "detail": "You are logged in on too many devices.",
    }


class TooManyDevicesNested(APIException):
    """The same answer in its other form, one level deeper and with another status."""

    status_code = 400
    default_detail = {
        "detail": {
            "error_code": "parallel_login_restriction",
            "message": "You are logged in on too many devices.",
        }
    }


class Fault(Exception):
    """A bug in the server. Nobody handles it, so Django answers 500 in HTML."""


# A lock does not depend on the password: a guess must not tell whether it was right.
BEFORE_PASSWORD = {"locked": AccountLocked}

# Everything else stops somebody who has shown that the account is theirs.
AFTER_PASSWORD = {
    "devices": TooManyDevices,
    "devices-nested": TooManyDevicesNested,
    "fault": Fault,
}


class LoginSerializer(JSONWebTokenSerializer):
    def validate(self, data):
        refuse(BEFORE_PASSWORD, data["username"])
        validated = super().validate(data)
        refuse(AFTER_PASSWORD, data["username"])
        return validated


def refuse(refusals, username):
    if username in refusals:
        raise refusals[username]


class LoginThrottle(SimpleRateThrottle):
    """One login a minute for one user; everybody else logs in as often as they like."""

    rate = "1/min"

    def get_cache_key(self, request, view):
        fields = request.data
        username = str(fields.get("username")).strip() if isinstance(fields, dict) else None
        return "login-throttled" if username == "throttled" else None


class LoginView(ObtainJSONWebTokenView):
    serializer_class = LoginSerializer
    throttle_classes = (LoginThrottle,)
