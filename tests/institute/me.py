"""What a logged-in user asks about themselves: their profile, and the way out."""

from django.contrib.auth.models import User
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_jwt.blacklist.serializers import BlacklistTokenSerializer


class ProfileSerializer(serializers.ModelSerializer):
    display_name = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "username", "display_name", "first_name", "last_name", "email")

    def get_display_name(self, user):
        return user.get_full_name() or user.username


class ProfileView(RetrieveAPIView):
    serializer_class = ProfileSerializer

    def get_object(self):
        return self.request.user


class LogoutView(APIView):
    """End this login: its token is answered with 403 from now on."""

    def post(self, request):
        blacklisted = BlacklistTokenSerializer(data={"token": request.auth})
        blacklisted.is_valid(raise_exception=True)
        blacklisted.save()
        return Response(status=204)
