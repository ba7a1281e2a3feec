"""Template tags of every page: icons, badges, steps, timelines, kept queries."""

from __future__ import annotations

import secrets
from datetime import date
from functools import cache
from typing import Any, cast

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import registry, timewords

register = template.Library()


@register.simple_tag
@cache  # some thirty a page, from a few dozen names
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon of the sprite (``static/img/icons.svg``); it repeats words, so readers skip it."""
    return format_html(
        '<svg class="i {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        size,
        static("img/icons.svg"),
        name,
    )


@register.inclusion_tag("components/badge.html")
def badge(badge: registry.Badge) -> dict[str, Any]:
    """A status in colour, word and icon."""
    return {"badge": badge}


@register.inclusion_tag("components/badge.html")
def status(row: Any) -> dict[str, Any]:
    """The status of a row, in the look its model declares (``STATUS_LOOK``: {status: (tone, icon)})."""
    tone, name = row.STATUS_LOOK.get(row.status, ("idle", "point"))
    return {"badge": registry.Badge(row.get_status_display(), tone, name)}


@register.inclusion_tag("components/timeline.html", takes_context=True)
def timeline(context: template.Context, lines: list[Any]) -> dict[str, Any]:
    """What happened, newest first."""
    return {"lines": lines, "object": context.get("object"), "request": context.get("request")}


@register.inclusion_tag("components/step_buttons.html", takes_context=True)
def step_buttons(context: template.Context, row: Any, steps: list[Any]) -> dict[str, Any]:
    """The buttons of a row: every step its person may take now."""
    return {"row": row, "model": row._meta.label_lower, "steps": steps, "request": context.get("request")}


@register.simple_tag(takes_context=True)
def draw(context: Any, name: str, values: dict[str, Any]) -> str:
    """Render the template of a registered panel or card with what its ``context`` returned."""
    with context.push(**values):
        return cast(str, context.template.engine.get_template(name).render(context))


@register.simple_tag(takes_context=True)
def up(context: Any) -> str:
    """Return the address a phone's back arrow leads to: the page's own, its section's list, else home."""
    if context.get("back_url"):
        return str(context["back_url"])
    here = context["request"].path
    listed = [entry.address for entry in context.get("menu", ()) if entry.name == context.get("section")]
    return next((url for url in listed if url != here), reverse("core:home"))


@register.simple_tag
def submission_key() -> str:
    """Make the key by which a form that is sent twice acts once."""
    return secrets.token_urlsafe(20)


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The address's query with some values changed; an empty value removes one."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Look a key up in a dict."""
    return mapping.get(key) if mapping else None


@register.filter
def brief(at: Any, form: str = "m-d H:i") -> str:
    """A day or moment as lists and timelines show it: with the year where it is not this one; nothing of all else."""
    return timewords.brief(at, form) if isinstance(at, date) else ""
