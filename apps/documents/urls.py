"""Addresses of documents. The public verification page stands at the root (config/urls.py): it is printed."""

from django.urls import path

from . import signing_views, views

app_name = "documents"
urlpatterns = [
    path("", views.DocumentList.as_view(), name="list"),
    path("<int:pk>/", views.DocumentDetail.as_view(), name="detail"),
    path("<int:pk>/pdf/", views.DocumentPdf.as_view(), name="pdf"),
    path("<int:pk>/content/", views.DocumentContent.as_view(), name="content"),
    path("<int:pk>/signature/<slug:side>/", views.SignaturePicture.as_view(), name="signature"),
    path("<int:pk>/sign/", signing_views.sign, name="sign"),
    path("<int:pk>/unsigned/", signing_views.LeaveUnsigned.as_view(), name="unsigned"),
    path("preview/<slug:type>/<int:pk>/", views.Preview.as_view(), name="preview"),
    path("print/", views.PrintSelection.as_view(), name="print"),
    path("labels/", views.PrintLabels.as_view(), name="labels"),
    path("print/<int:pk>/", views.PrintRunDetail.as_view(), name="print_run"),
    path("print/<int:pk>/pdf/", views.PrintRunPdf.as_view(), name="print_pdf"),
    path("print/<int:pk>/cancel/", views.PrintRunCancel.as_view(), name="print_cancel"),
    path("company/", views.CompanyPage.as_view(), name="company"),
    path("my-signature/", views.MySignature.as_view(), name="my_signature"),
    path("my-signature/picture/", views.SamplePicture.as_view(), name="my_signature_picture"),
    path("s/<str:token>/", signing_views.SignByLink.as_view(), name="sign_by_link"),
    path("s/<str:token>/content/", signing_views.content_by_link, name="content_by_link"),
]
