"""Find rows by a fragment of two characters or more, Chinese included, on both databases."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.lookups import Contains

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:  # only the stubs know it as generic
    TextField = models.TextField

MIN_FRAGMENT = 2


def normalize(text: str) -> str:
    """Fold width and case and join white space, so that Ｐ-2 finds p-2."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def bigrams(text: str) -> list[str]:
    """Return the different pairs of neighbouring characters, in order."""
    return list(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))


class FragmentField(TextField):
    """The searchable text of a row, filled from other columns on save. Filter it with ``__fragment``."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs |= {"editable": False, "blank": True, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("editable", "blank", "default"):
            kwargs.pop(key, None)
        return name, path, args, kwargs | {"sources": self.sources}

    def text_of(self, row: Any) -> str:
        """Return the text by which a row is found (bulk writes call it themselves)."""
        return normalize("\n".join(str(getattr(row, source) or "") for source in self.sources))

    def pre_save(self, model_instance: Any, add: bool) -> str:
        text = self.text_of(model_instance)
        setattr(model_instance, self.attname, text)
        return text


@FragmentField.register_lookup
class Fragment(Contains):
    """``LIKE '%text%'``; on PostgreSQL served by the bigram index and checked against the text itself."""

    lookup_name = "fragment"

    def get_prep_lookup(self) -> str:
        return normalize(str(self.rhs))

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return str(connection.operators["contains"] % rhs)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        like, like_params = super().as_sql(compiler, connection)
        pairs = bigrams(str(self.rhs))
        if not pairs:
            return like, list(like_params)
        column, column_params = self.process_lhs(compiler, connection)
        sql = f"(core_bigrams({column}) @> %s::text[] AND {like})"
        return sql, [*column_params, pairs, *like_params]


class FragmentIndex(models.Index):
    """GIN over the bigrams of a ``FragmentField`` on PostgreSQL. SQLite reads the text, an ordinary index serves."""

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        if schema_editor.connection.vendor != "postgresql":
            return super().create_sql(model, schema_editor, using=using, **kwargs)
        statement: Any = super().create_sql(model, schema_editor, using=" USING gin", **kwargs)
        columns = statement.parts["columns"]
        statement.parts["columns"] = f"core_bigrams({columns})"
        return statement


def matching(queryset: Any, text: str, *, field: str = "search_text") -> Any:
    """Narrow a queryset to rows that hold every word of ``text``; too short a text finds nothing."""
    words = [word for word in normalize(text).split(" ") if word]
    if not words or max(len(word) for word in words) < MIN_FRAGMENT:
        return queryset.none()
    for word in words:
        if len(word) >= MIN_FRAGMENT:
            queryset = queryset.filter(**{f"{field}__fragment": word})
    return queryset
