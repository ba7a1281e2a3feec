"""Addresses of visits, plans and checklists."""

from django.urls import path

from . import views, visit_views

app_name = "inspections"
urlpatterns = [
    path("", views.VisitList.as_view(), name="list"),
    path("<int:pk>/", visit_views.VisitDetail.as_view(), name="visit_detail"),
    path("<int:pk>/record/", visit_views.RecordVisit.as_view(), name="record"),
    path("<int:pk>/photos/", visit_views.AddPhotos.as_view(), name="photo_add"),
    path("<int:pk>/findings/new/", visit_views.AddFinding.as_view(), name="finding_add"),
    path("findings/<int:pk>/", visit_views.EditFinding.as_view(), name="finding_edit"),
    path("plans/", views.PlanList.as_view(), name="plan_list"),
    path("plans/new/", views.PlanCreate.as_view(), name="plan_create"),
    path("plans/<int:pk>/", views.PlanDetail.as_view(), name="plan_detail"),
    path("plans/<int:pk>/edit/", views.PlanEdit.as_view(), name="plan_edit"),
    path("plans/<int:pk>/end/", views.PlanAction.as_view(action="end"), name="plan_end"),
    path("plans/<int:pk>/reactivate/", views.PlanAction.as_view(action="reactivate"), name="plan_reactivate"),
    path("checklists/", views.ChecklistList.as_view(), name="checklist_list"),
    path("checklists/new/", views.ChecklistCreate.as_view(), name="checklist_create"),
    path("checklists/<int:pk>/", views.ChecklistDetail.as_view(), name="checklist_detail"),
    path("checklists/<int:pk>/edit/", views.ChecklistEdit.as_view(), name="checklist_edit"),
]
