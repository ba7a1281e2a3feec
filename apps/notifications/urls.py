"""Addresses of notifications."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("", views.NotificationList.as_view(), name="list"),
    path("<int:pk>/open/", views.Open.as_view(), name="open"),
    path("read/", views.ReadAll.as_view(), name="read_all"),
]
