"""Addresses of policies, promises and clocks."""

from django.urls import path

from . import board_views, policy_views

app_name = "service_levels"
urlpatterns = [
    path("", board_views.Board.as_view(), name="board"),
    path("clocks/<int:pk>/", board_views.ClockDetail.as_view(), name="clock"),
    path("policies/", policy_views.PolicyList.as_view(), name="policy_list"),
    path("policies/load/", policy_views.LoadPresets.as_view(), name="policy_load"),
    path("policies/<int:pk>/", policy_views.PolicyDetail.as_view(), name="policy_detail"),
    path("policies/<int:pk>/compare/", policy_views.PolicyCompare.as_view(), name="policy_compare"),
    path("policies/<int:pk>/copy/", policy_views.PolicyCopy.as_view(), name="policy_copy"),
    path("policies/<int:pk>/edit/", policy_views.PolicyEdit.as_view(), name="policy_edit"),
    path("projects/<int:pk>/policy/", policy_views.ChoosePolicy.as_view(), name="policy_choose"),
    path("promises/<int:pk>/", policy_views.Promises.as_view(), name="promises"),
    path("promises/<int:pk>/issue/", policy_views.IssuePromise.as_view(), name="promises_issue"),
]
