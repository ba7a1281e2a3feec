"""Addresses of complaints, follow-ups and quality samples."""

from django.urls import path

from .views import analyses, calls, cases, intake, public, quality

app_name = "complaints"
urlpatterns = [
    path("", cases.ComplaintList.as_view(), name="list"),
    path("new/", intake.OpenComplaint.as_view(), name="create"),
    path("<int:pk>/", cases.ComplaintDetail.as_view(), name="detail"),
    path("<int:pk>/assess/", cases.Assess.as_view(), name="assess"),
    path("<int:pk>/people/", cases.NamePeople.as_view(), name="people"),
    path("<int:pk>/contact/", cases.LogContact.as_view(), name="contact"),
    path("<int:pk>/evidence/", cases.AddEvidence.as_view(), name="evidence"),
    path("<int:pk>/cause/", cases.FindCause.as_view(), name="cause"),
    path("<int:pk>/progress/", cases.PromiseProgress.as_view(), name="promise"),
    path("<int:pk>/action/", cases.SetAction.as_view(), name="action"),
    path("<int:pk>/sheet/", cases.IssueSheet.as_view(), name="issue_sheet"),
    path("<int:pk>/sheet/paper/", cases.Sheet.as_view(), name="sheet"),
    path("actions/<int:pk>/", cases.ActionDetail.as_view(), name="action_detail"),
    path("progress/<int:pk>/tell/", cases.TellProgress.as_view(), name="tell_progress"),
    path("say/", public.ComplainAnonymously.as_view(), name="anonymous"),
    path("follow/", public.EnterCode.as_view(), name="enter_code"),
    path("follow/<str:code>/", public.Follow.as_view(), name="follow"),
    path("calls/", calls.FollowUpList.as_view(), name="calls"),
    path("calls/<int:pk>/", calls.Call.as_view(), name="call"),
    path("engineer/<int:pk>/", calls.AskForEngineer.as_view(), name="ask_engineer"),
    path("samples/", quality.Samples.as_view(), name="samples"),
    path("samples/<int:pk>/", quality.Judge.as_view(), name="judge"),
    path("summary/", quality.Summary.as_view(), name="summary"),
    path("analyses/", analyses.AnalysisList.as_view(), name="analyses"),
    path("analyses/new/", analyses.MakeAnalysis.as_view(), name="make_analysis"),
    path("analyses/<int:pk>/", analyses.AnalysisDetail.as_view(), name="analysis"),
    path("analyses/<int:pk>/conclusion/", analyses.Conclude.as_view(), name="conclude"),
    path("analyses/<int:pk>/resolution/", analyses.Resolve.as_view(), name="resolve"),
    path("resolutions/<int:pk>/", analyses.ResolutionDetail.as_view(), name="resolution"),
    path("resolutions/<int:pk>/outcome/", analyses.NoteOutcome.as_view(), name="resolution_outcome"),
    path("resolutions/<int:pk>/drop/", analyses.DropResolution.as_view(), name="drop_resolution"),
]
