"""Look into what is uploaded to learn from: videos besides documents and pictures."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.uploads import AcceptedFile, accept_file, display_name

HEAD = 16


def accept_material(upload: Any) -> AcceptedFile:
    """Return a file ready to keep: MP4, WebM, or what is kept everywhere. Raises ``DomainError`` for anything else."""
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    kind = "mp4" if head[4:8] == b"ftyp" else "webm" if head.startswith(b"\x1aE\xdf\xa3") else ""
    if not kind:
        return accept_file(upload)
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise DomainError(
            _("“%(name)s” is larger than %(limit)s MB. Send a smaller file.")
            % {"name": display_name(upload.name), "limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024}
        )
    content = upload.read()
    return AcceptedFile(
        content=content,
        content_type=f"video/{kind}",
        extension=kind,
        original_name=display_name(upload.name),
        sha256=hashlib.sha256(content).hexdigest(),
    )
