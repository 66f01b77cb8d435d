"""Addresses of our own; the pages themselves are served by Wagtail under /library/."""

from django.urls import path, re_path

from content.editing.views import sign_in
from content.lessons.views import video
from content.library.views import cards, library, picture
from content.search.views import search

app_name = "content"
urlpatterns = [
    path("library/open/", library, name="library"),
    path("library/open/cards/", cards, name="cards"),
    path("library/search/", search, name="search"),
    path("library/video/<int:pk>/", video, name="video"),
    # Documents are reached only through their own views.
    re_path(r"^media/(?P<path>(?:images|original_images|avatar_images)/[^/]+)$", picture, name="picture"),
    # Wagtail's own sign-in pages would check passwords without limits and second factor.
    path("library/_util/login/", sign_in, name="library_sign_in"),
    path("editing/login/", sign_in, name="editing_sign_in"),
]
