"""Addresses of requests and work orders."""

from django.urls import path

from .views import dispatching, labels, opening, orders, promises, tickets

app_name = "tickets"
urlpatterns = [
    path("", tickets.TicketList.as_view(), name="list"),
    path("new/", opening.OpenTicket.as_view(), name="create"),
    path("new/equipment/", opening.EquipmentOptions.as_view(), name="equipment_options"),
    path("new/hints/", opening.OpenHints.as_view(), name="open_hints"),
    path("<int:pk>/", tickets.TicketDetail.as_view(), name="detail"),
    path("<int:pk>/message/", tickets.WriteMessage.as_view(), name="message"),
    path("<int:pk>/triage/", tickets.Triage.as_view(), name="triage"),
    path("<int:pk>/check/", promises.CheckArrangement.as_view(), name="check_arrangement"),
    path("<int:pk>/progress/", promises.NoteMilestone.as_view(), name="milestone"),
    path("<int:pk>/pause/", promises.PausePromises.as_view(), name="pause"),
    path("<int:pk>/resume/", promises.ResumePromises.as_view(), name="resume"),
    path("<int:pk>/promise-sheet/", promises.IssuePromiseSheet.as_view(), name="issue_promise_sheet"),
    path("<int:pk>/dispatch/", dispatching.Dispatch.as_view(), name="dispatch"),
    path("label/<str:token>/", labels.LabelReport.as_view(), name="label"),
    path("track/<str:token>/", labels.Track.as_view(), name="track"),
    path("today/", orders.Today.as_view(), name="today"),
    path("orders/", dispatching.WorkOrderList.as_view(), name="order_list"),
    path("orders/<int:pk>/", orders.OrderDetail.as_view(), name="order_detail"),
    path("orders/<int:pk>/record/", orders.OrderRecord.as_view(), name="order_record"),
    path("orders/<int:pk>/photos/", orders.OrderPhotos.as_view(), name="order_photo"),
    path("orders/<int:pk>/complexity/", promises.SetComplexity.as_view(), name="order_complexity"),
    path("orders/<int:pk>/finish/", orders.OrderFinish.as_view(), name="order_finish"),
    path("orders/photos/<int:pk>/remove/", orders.RemoveOrderPhoto.as_view(), name="order_photo_remove"),
]
