"""Photos of a form that has to be corrected: accepted once, they wait on the server and are not asked for again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from .. import waiting_photos
from ..models import PendingPhoto


class KeepsPhotos:
    """Mixin of a form page with a ``photos`` field; ``waiting`` are the photos kept from earlier attempts."""

    request: Any

    @property
    def keeper(self) -> Any:
        """Whose the kept photos are; None where nobody is signed in, and the key of the form alone finds them."""
        return self.request.user

    @property
    def submission_key(self) -> str:
        return str(self.request.POST.get("submission_key", "")).replace("\0", "")[:40]

    @cached_property
    def waiting(self) -> list[PendingPhoto]:
        """The kept photos, without those the person has ticked to leave out."""
        left_out = set(self.request.POST.getlist("leave_out"))
        kept = waiting_photos.pending_photos(key=self.submission_key, actor=self.keeper)
        return [photo for photo in kept if str(photo.pk) not in left_out]

    def keep_photos(self, form: Any) -> None:
        """Keep what the form accepted; what was ticked to leave out goes."""
        user = self.keeper
        if self.submission_key:
            waiting_photos.drop_pending_photos(
                key=self.submission_key, keys=self.request.POST.getlist("leave_out"), actor=user
            )
            accepted = getattr(form, "cleaned_data", {}).get("photos") or []
            waiting_photos.keep_pending_photos(photos=accepted, key=self.submission_key, actor=user, now=timezone.now())
        self.__dict__.pop("waiting", None)

    def form_invalid(self, form: Any) -> HttpResponse:
        self.keep_photos(form)
        return super().form_invalid(form)  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"waiting_photos": self.waiting}  # type: ignore[misc]
