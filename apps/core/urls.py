"""Addresses of the engines: home, search, steps, files, saved views, health."""

from django.urls import path

from . import views
from .pages import FilePage, StepPage, saved_views

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("steps/<str:model>/<int:pk>/<slug:step>/", StepPage.as_view(), name="step"),
    path("files/<str:model>/<int:pk>/", FilePage.as_view(), name="file"),
    path("views/new/", saved_views.ViewCreate.as_view(), name="view_create"),
    path("views/<int:pk>/", saved_views.ViewEdit.as_view(), name="view_edit"),
    path("views/<int:pk>/keep/", saved_views.ViewKeep.as_view(), name="view_keep"),
    path("views/<int:pk>/delete/", saved_views.ViewDelete.as_view(), name="view_delete"),
    path("health/", views.health, name="health"),
]
