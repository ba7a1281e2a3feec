"""Addresses of satisfaction surveys."""

from django.urls import path

from . import answer_views, views

app_name = "surveys"
urlpatterns = [
    path("", views.Results.as_view(), name="results"),
    path("requests/", views.SurveyList.as_view(), name="list"),
    path("requests/new/", views.Ask.as_view(), name="ask"),
    path("requests/<int:pk>/", views.SurveyDetail.as_view(), name="detail"),
    path("requests/<int:pk>/sheet/", views.IssueSheet.as_view(), name="issue_sheet"),
    path("requests/<int:pk>/paper/", answer_views.EnterPaper.as_view(), name="enter"),
    path("requests/<int:pk>/phone/", answer_views.AnswerOnPhone.as_view(), name="on_phone"),
    path("answer/<slug:token>/", answer_views.AnswerByLink.as_view(), name="answer"),
    path("low/", views.LowList.as_view(), name="low_list"),
    path("low/<int:pk>/", views.LowDetail.as_view(), name="low_detail"),
    path("questionnaires/", views.QuestionnaireList.as_view(), name="questionnaire_list"),
    path("questionnaires/new/", views.QuestionnaireCreate.as_view(), name="questionnaire_create"),
    path("questionnaires/<int:pk>/", views.QuestionnaireDetail.as_view(), name="questionnaire_detail"),
    path("questionnaires/<int:pk>/edit/", views.QuestionnaireEdit.as_view(), name="questionnaire_edit"),
]
