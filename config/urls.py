"""Every address of the portal, one line an app."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from apps.documents.verification import verify

urlpatterns = [
    path("", include("apps.core.urls")),
    path("account/", include("apps.accounts.sign_in_urls")),
    path("account/", include("apps.accounts.urls")),
    path("calendars/", include("apps.calendars.urls")),
    path("projects/", include("apps.projects.urls")),
    path("documents/", include("apps.documents.urls")),
    path("v/<str:token>/", verify, name="verify"),
    path("notifications/", include("apps.notifications.urls")),
    path("service-levels/", include("apps.service_levels.urls")),
    path("surveys/", include("apps.surveys.urls")),
    path("warranties/", include("apps.warranties.urls")),
    path("training/", include("apps.training.urls")),
    path("tickets/", include("apps.tickets.urls")),
    path("complaints/", include("apps.complaints.urls")),
    path("visits/", include("apps.inspections.urls")),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
]

handler400 = "apps.core.errors.bad_request"
handler403 = "apps.core.errors.permission_denied"
handler404 = "apps.core.errors.page_not_found"
handler500 = "apps.core.errors.server_error"
