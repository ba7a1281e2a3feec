"""Addresses of notifications."""

from django.urls import path

from . import operations_views, views

app_name = "notifications"
urlpatterns = [
    path("", views.NotificationList.as_view(), name="list"),
    path("bell/", views.Bell.as_view(), name="bell"),
    path("<int:pk>/open/", views.Open.as_view(), name="open"),
    path("<int:pk>/read/", views.Read.as_view(), name="read"),
    path("read/", views.ReadAll.as_view(), name="read_all"),
    path("choices/", views.Choices.as_view(), name="choices"),
    path("defaults/", operations_views.Defaults.as_view(), name="defaults"),
    path("senders/", operations_views.SenderList.as_view(), name="senders"),
    path("senders/robot/", operations_views.RobotCreate.as_view(), name="robot_create"),
    path("senders/sms/", operations_views.SmsCreate.as_view(), name="sms_create"),
    path("senders/<int:pk>/", operations_views.SenderEdit.as_view(), name="sender_edit"),
    path("senders/<int:pk>/test/", operations_views.SenderTest.as_view(), name="sender_test"),
    path("senders/mail/test/", operations_views.MailTest.as_view(), name="mail_test"),
    path("outgoing/", operations_views.Outgoing.as_view(), name="outbox"),
    path("outgoing/again/", operations_views.SendAgain.as_view(), name="send_again"),
]
