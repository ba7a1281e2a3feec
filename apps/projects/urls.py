"""Addresses of this app."""

from django.urls import path

from .views import equipment, imports, owners, projects

app_name = "projects"
urlpatterns = [
    path("", projects.ProjectList.as_view(), name="list"),
    path("new/", projects.ProjectCreate.as_view(), name="create"),
    path("<int:pk>/", projects.ProjectDetail.as_view(), name="detail"),
    path("<int:pk>/edit/", projects.ProjectEdit.as_view(), name="edit"),
    path("<int:pk>/people/", projects.ProjectPeople.as_view(), name="people"),
    path("<int:project>/sites/new/", projects.SiteCreate.as_view(), name="site_create"),
    path("sites/<int:pk>/edit/", projects.SiteEdit.as_view(), name="site_edit"),
    path("equipment/", equipment.EquipmentList.as_view(), name="equipment_list"),
    path("equipment/new/", equipment.EquipmentCreate.as_view(), name="equipment_create"),
    path("equipment/<int:pk>/", equipment.EquipmentDetail.as_view(), name="equipment_detail"),
    path("equipment/<int:pk>/edit/", equipment.EquipmentEdit.as_view(), name="equipment_edit"),
    path("models/", equipment.EquipmentModelList.as_view(), name="model_list"),
    path("models/new/", equipment.EquipmentModelCreate.as_view(), name="model_create"),
    path("models/<int:pk>/edit/", equipment.EquipmentModelEdit.as_view(), name="model_edit"),
    path("owners/", owners.OwnerList.as_view(), name="owner_list"),
    path("owners/new/", owners.OwnerCreate.as_view(), name="owner_create"),
    path("owners/own/", owners.OwnOrganisation.as_view(), name="own_organisation"),
    path("owners/<int:pk>/", owners.OwnerDetail.as_view(), name="owner_detail"),
    path("owners/<int:pk>/edit/", owners.OwnerEdit.as_view(), name="owner_edit"),
    path("owners/<int:owner>/people/new/", owners.OwnerPersonCreate.as_view(), name="owner_person_create"),
    path("owners/people/<int:pk>/edit/", owners.OwnerPersonEdit.as_view(), name="owner_person_edit"),
    path("owners/people/<int:pk>/access/", owners.OwnerPersonSwitch.as_view(), name="owner_person_switch"),
    path("owners/people/<int:pk>/invitation/", owners.OwnerPersonInvitation.as_view(), name="owner_person_invitation"),
    path("owners/people/<int:pk>/invitation/again/", owners.OwnerPersonInvite.as_view(), name="owner_person_invite"),
    path("imports/", imports.ImportList.as_view(), name="import_list"),
    path("imports/new/", imports.ImportCreate.as_view(), name="import_create"),
    path("imports/<int:pk>/", imports.ImportDetail.as_view(), name="import_detail"),
    path("imports/<int:pk>/columns/", imports.ImportColumns.as_view(), name="import_columns"),
]
