"""The part of the Testpress API that the institute answers."""

from django.urls import path, re_path

from login import LoginView
from me import LogoutView, ProfileView
from playback import PlaybackView

urlpatterns = [
    re_path(r"^api/v2\.[235]/auth-token/$", LoginView.as_view()),
    path("api/v2.2/me/", ProfileView.as_view()),
    path("api/v2.4/auth/logout/", LogoutView.as_view()),
    path("api/v2.5/admin/videos/<uuid:content>/access-tokens/", PlaybackView.as_view()),
]
