"""Addresses of the engines: home, search, steps, files, health."""

from django.urls import path

from . import views
from .pages import FilePage, StepPage

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("steps/<str:model>/<int:pk>/<slug:step>/", StepPage.as_view(), name="step"),
    path("files/<str:model>/<int:pk>/", FilePage.as_view(), name="file"),
    path("health/", views.health, name="health"),
]
