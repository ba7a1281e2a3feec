"""Addresses of the work calendars."""

from django.urls import path

from . import views

app_name = "calendars"
urlpatterns = [
    path("", views.YearPage.as_view(), name="current"),
    path("<int:year>/", views.YearPage.as_view(), name="year"),
    path("days/", views.DayList.as_view(), name="days"),
    path("days/new/", views.DayCreate.as_view(), name="day_create"),
    path("days/<int:pk>/edit/", views.DayEdit.as_view(), name="day_edit"),
    path("days/<int:pk>/remove/", views.DayRemove.as_view(), name="day_remove"),
    path("hours/", views.HoursList.as_view(), name="hours"),
    path("hours/new/", views.HoursCreate.as_view(), name="hours_create"),
    path("hours/<int:pk>/edit/", views.HoursEdit.as_view(), name="hours_edit"),
    path("imports/", views.ImportList.as_view(), name="imports"),
    path("imports/new/", views.ImportCreate.as_view(), name="import_create"),
    path("imports/<int:pk>/", views.ImportDetail.as_view(), name="import_detail"),
]
