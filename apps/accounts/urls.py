"""Addresses about people. Signing in has its own, in ``sign_in_urls``."""

from django.urls import path

from . import log_views, views

app_name = "accounts"
urlpatterns = [
    path("people/", views.PeopleList.as_view(), name="list"),
    path("people/new/", views.PersonCreate.as_view(), name="create"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="detail"),
    path("people/<int:pk>/edit/", views.PersonEdit.as_view(), name="edit"),
    path("people/<int:pk>/invitation/", views.InvitationPage.as_view(), name="invitation"),
    path("people/<int:pk>/invitation/again/", views.InviteAgain.as_view(), name="invite_again"),
    path("people/<int:pk>/invitation/withdraw/", views.WithdrawInvitation.as_view(), name="withdraw"),
    path("people/<int:pk>/access/", views.SwitchPerson.as_view(), name="switch"),
    path("log/", log_views.EventLog.as_view(), name="log"),
    path("log/<int:pk>/", log_views.EventSubject.as_view(), name="log_subject"),
    path("profile/", views.Profile.as_view(), name="profile"),
    path("invitation/<str:secret>/", views.accept_invitation, name="accept"),
]
