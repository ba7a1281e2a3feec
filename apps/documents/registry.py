"""Document types: what apps declare, and from which addresses, permissions, buttons and issuing all follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from apps.core.scoping import Audience, ScopedModel


@dataclass(frozen=True)
class Content:
    """What a type's function returns: the data of ``paper_data`` without ``letterhead`` and ``issue``.

    ``number`` is that of the subject where the two share one; "" draws one of the type's series. Photos in the data
    carry storage names under ``file``; the engine brings the pictures.
    """

    data: dict[str, Any]
    number: str = ""


@dataclass
class DocumentType:
    """One kind of printed document.

    ``titles`` names what papers of one type are called, by the title that stands on the paper, where that differs.
    ``contact`` is a function of the subject that returns name and telephone of whom the owner named for it.
    ``audience`` says for whose eyes its papers are.
    """

    name: str
    model: type[ScopedModel]
    title: str | Promise
    template: str
    build: Callable[..., Content]
    may_issue: Callable[[Any, Any], bool]
    series: str = ""
    signed: bool = False
    contractor_role: str = "承修单位（盖章）"
    owner_role: str = "业主"
    contractor_position: str = "维修工程师"
    #: Rows that the function reads beside the subject, fetched with it for a preview.
    related: tuple[str, ...] = ()
    titles: Mapping[str, str | Promise] = field(default_factory=dict)
    contact: Callable[[Any], tuple[str, str]] | None = None
    audience: str = Audience.OWNER
    _signed_hooks: list[Callable[..., None]] = field(default_factory=list)
    _issued_hooks: list[Callable[..., None]] = field(default_factory=list)

    def title_of(self, document: Any) -> str | Promise:
        """Return what a document of this type is called: a patrol's report is no revisit's."""
        return self.titles.get(document.data.get("title", ""), self.title)

    def on_signed(self, hook: Callable[..., None]) -> Callable[..., None]:
        """Have ``hook(subject, document, actor=, now=)`` called when the owner signed or was found absent."""
        self._signed_hooks.append(hook)
        return hook

    def on_issued(self, hook: Callable[..., None]) -> Callable[..., None]:
        """Have ``hook(subject, document, actor=, now=)`` called, in the transaction that stores the bytes."""
        self._issued_hooks.append(hook)
        return hook

    def tell_signed(self, subject: Any, document: Any, *, actor: Any, now: datetime) -> None:
        for hook in self._signed_hooks:
            hook(subject, document, actor=actor, now=now)

    def tell_issued(self, subject: Any, document: Any, *, actor: Any, now: datetime) -> None:
        for hook in self._issued_hooks:
            hook(subject, document, actor=actor, now=now)


_types: dict[str, DocumentType] = {}


def document_type(
    name: str,
    *,
    model: type[ScopedModel],
    title: str | Promise,
    template: str,
    may_issue: Callable[[Any, Any], bool],
    series: str = "",
    signed: bool = False,
    contractor_role: str = "承修单位（盖章）",
    owner_role: str = "业主",
    contractor_position: str = "维修工程师",
    related: tuple[str, ...] = (),
    titles: Mapping[str, str | Promise] | None = None,
    contact: Callable[[Any], tuple[str, str]] | None = None,
    audience: str = Audience.OWNER,
) -> Callable[[Callable[..., Content]], DocumentType]:
    """Declare the decorated function ``(subject, *, now) -> Content`` as a document type.

    ``may_issue`` is a predicate of (subject, person). A ``signed`` type is shown to the owner for signing before it
    is issued.
    """

    def declare(build: Callable[..., Content]) -> DocumentType:
        kind = DocumentType(
            name,
            model,
            title,
            template,
            build,
            may_issue,
            series,
            signed,
            contractor_role,
            owner_role,
            contractor_position,
            related,
            titles or {},
            contact,
            audience,
        )
        _types[name] = kind
        return kind

    return declare


def get_type(name: str) -> DocumentType:
    """Return a type by name; raises ``KeyError`` for an unknown one."""
    return _types[name]


def all_types() -> dict[str, DocumentType]:
    return _types
