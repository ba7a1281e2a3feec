"""Addresses of warranties."""

from django.urls import path

from . import views

app_name = "warranties"
urlpatterns = [
    path("", views.CardList.as_view(), name="list"),
    path("cards/<int:pk>/", views.CardDetail.as_view(), name="card_detail"),
    path("accept/<int:pk>/", views.AcceptProject.as_view(), name="accept"),
    path("correct/<int:pk>/", views.CorrectAcceptance.as_view(), name="correct"),
    path("print/", views.PrintSelected.as_view(), name="print_selected"),
    path("print-due/", views.PrintDueThisMonth.as_view(), name="print_due"),
]
