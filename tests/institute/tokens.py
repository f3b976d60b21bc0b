"""The claims of a token, as the vendor's documentation shows them."""

from rest_framework_jwt.utils import jwt_create_payload


def create_payload(user):
    payload = jwt_create_payload(user)
    payload["email"] = user.email
    # A username of digits only travels as a number.
    if user.username.isdecimal():
        payload["username"] = int(user.username)
    return payload
