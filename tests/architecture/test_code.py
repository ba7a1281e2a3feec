"""What the code may not do. Each rule is one that a reviewer would otherwise have to remember."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

from apps.core import events
from apps.core.scoping import Audience

from .sources import APPS, ROOT, app_files, layer_files, parsed, python_files, short

MAX_LINES = 400
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}
EVERY_FOLDER = ("apps", "config", "tools", "tests")

#: Status columns that no person's step moves: who may write them, and why.
TECHNICAL_STATUS = {
    "apps/core/lifecycle.py": "the one place that takes a step",
    "apps/core/outbox.py": "an item's state is the queue's own, claimed by one conditional update",
    "apps/documents/printing.py": "a print run says how far the worker is",
    "apps/projects/importing": "an import says how far the worker is",
}


#: Ways around ``visible_to``, and why each is right.
AROUND_SCOPE = {
    "apps/core/pages/form.py": "the submission keys of the person who sends; they are never shown",
    "apps/documents/signing_views.py": "the signing link: its secret is the permission",
    "apps/tickets/views/labels.py": "label and tracking link: the token is the permission",
    "apps/training/views/attend.py": "the session's code: the token is the permission",
    "apps/documents/verification.py": "public verification: the token on the paper is the permission",
}


MANAGERS = {"objects", "_default_manager", "_base_manager"}


def _managers(path: Path) -> Iterator[ast.Attribute]:
    """Yield every manager that is not narrowed in the same breath."""
    nodes = list(ast.walk(parsed(path)))
    narrowed = {
        id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr in {"visible_to", "none"}
    }
    for call in nodes:
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Prefetch":
            narrowed |= {id(node) for node in ast.walk(call) if isinstance(node, ast.Attribute) and _as_open(node)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in narrowed:
            yield node


def _as_open(manager: ast.Attribute) -> bool:
    """Say whether the rows are as open as the row they hang on, so that fetching them with it shows nothing more."""
    named = {model.__name__: model for model in apps.get_models()}.get(ast.unparse(manager.value))
    return named is not None and getattr(named, "audience", None) == Audience.OWNER


def test_rows_are_reached_through_their_scope_alone() -> None:
    """In what a request reaches, a manager is the way around ``visible_to``."""
    found = [
        f"{short(path)}:{node.lineno}"
        for path in layer_files("views", "tables", "templatetags", "pages")
        if short(path) not in AROUND_SCOPE
        for node in _managers(path)
    ]
    # A picker's rows are narrowed by the bases of forms and filters, so these only name their model.
    found += [
        f"{short(path)}:{node.lineno}"
        for path in layer_files("views", "forms", "filters", "tables", "templatetags")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager"}
    ]
    assert not found, f"Start from visible_to, or move the query to queries.py or a service: {found}"


def test_panels_are_drawn_from_what_the_reader_may_see() -> None:
    """Badges look at rows that are on the page already; everything else starts from ``visible_to``."""
    found = [
        f"{short(path)}:{node.lineno}"
        for path in layer_files("panels")
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef) and not _makes_badges(function)
        for node in _managers(path)
        if function.lineno <= node.lineno <= (function.end_lineno or 0)
    ]
    assert not found


def _makes_badges(function: ast.FunctionDef) -> bool:
    """Say whether a function takes rows and who looks, as the function of a ``BadgeSource`` does."""
    kinds = [ast.unparse(argument.annotation or ast.Pass())[:9] for argument in function.args.args]
    return kinds == ["Sequence[", "Any"]


def _status_writes(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            flat = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
            if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in flat):
                yield node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            keywords = {keyword.arg for keyword in node.keywords}
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            texts = {c.value for value in values for c in ast.walk(value) if isinstance(c, ast.Constant)}
            if (name == "update" and "status" in keywords) or (name == "bulk_update" and "status" in texts):
                yield node
            if name == "setattr" and "status" in texts:
                yield node
            if name == "update_or_create" and ("status" in keywords or "status" in texts):
                yield node


def test_status_is_changed_by_transitions_alone() -> None:
    found = [
        f"{short(path)}:{node.lineno}"  # type: ignore[attr-defined]
        for path in app_files()
        if not any(short(path).startswith(allowed) for allowed in TECHNICAL_STATUS)
        for node in _status_writes(parsed(path))
        if not _plain_dataclass(path)
    ]
    assert not found, f"A status is assigned outside a transition: {found}"


def _plain_dataclass(path: Path) -> bool:
    return "django.db" not in path.read_text(encoding="utf-8") and "models" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "code",
    [
        "row.status = 'x'",
        "row.status: str = 'x'",
        "a, row.status = 1, 2",
        "rows.update(status='x')",
        "M.objects.bulk_update(rows, ['status'])",
        "setattr(row, 'status', 'x')",
        "M.objects.update_or_create(pk=1, defaults={'status': 'x'})",
    ],
)
def test_the_rule_about_status_has_bite(code: str) -> None:
    assert list(_status_writes(ast.parse(code)))


@pytest.mark.parametrize("code", ["M.objects.create(status='x')", "M(status='x')", "rows.filter(status='x')"])
def test_the_rule_about_status_leaves_creation_and_reading_alone(code: str) -> None:
    assert not list(_status_writes(ast.parse(code)))


def test_technical_states_are_those_that_exist() -> None:
    assert all((ROOT / path).exists() for path in TECHNICAL_STATUS)


def test_modules_are_short() -> None:
    long = {
        short(path): lines
        for path in python_files(*EVERY_FOLDER)
        if "migrations" not in path.parts and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert not long, f"Split by a word of the domain: {long}"


def test_modules_are_named_for_what_they_hold() -> None:
    named = [short(path) for path in python_files(*EVERY_FOLDER) if FORBIDDEN_NAMES & {path.stem, *path.parts}]
    assert not named


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        short(path)
        for path in python_files("apps", "config", "tests")
        if "migrations" not in path.parts
        and path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(parsed(path))
    ]
    assert not silent, f"First line of a module: one sentence. Missing in {silent}"


def test_data_migrations_stand_on_their_own() -> None:
    """A migration that imports the code of today breaks tomorrow. Fields and storage names of the engines stay."""
    allowed = re.compile(r"^apps\.(core\.(search|files|scoping)|\w+\.(models|queries))$")
    found = [
        f"{short(path)}: {module}"
        for path in app_files(migrations=True)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in _modules(node)
        if module.startswith("apps.") and not (_is_schema_only(path) and allowed.match(module))
    ]
    assert not found


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return ["apps." if node.level else node.module or ""]
    return [name.name for name in node.names]


def _is_schema_only(path: Path) -> bool:
    """Say whether a migration runs no code: defaults and indexes that ``makemigrations`` wrote are named there."""
    return "RunPython" not in path.read_text(encoding="utf-8")


def test_migrations_are_named() -> None:
    nameless = [short(path) for path in app_files(migrations=True) if re.search(r"\d{4}_auto_", path.name)]
    assert not nameless


def test_no_signals_of_our_own() -> None:
    """What happens when is read in the service, not found out by grep."""
    found = [
        f"{short(path)}:{node.lineno}"
        for path in app_files()
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.ImportFrom) and "signals" in (node.module or ""))
        or (isinstance(node, ast.ImportFrom) and node.module == "django.dispatch")
        or (isinstance(node, ast.Name) and node.id == "receiver")
    ]
    assert not found


def test_events_are_followed_by_notifications_and_clocks_alone() -> None:
    followers = {
        path.relative_to(APPS).parts[0]
        for path in app_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("subscribe")
    }
    assert followers <= {"notifications", "service_levels"}
    modules = {subscriber.__module__.split(".")[1] for subscriber in events._subscribers}
    assert modules <= {"notifications", "service_levels"}


def test_services_never_see_a_request() -> None:
    found = [
        f"{short(path)}:{node.lineno}"
        for path in layer_files("services", "lifecycle", "queries", "rules", "access")
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.arg) and node.arg == "request")
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.http"))
    ]
    assert not found


def test_rules_are_pure() -> None:
    """Functions of plain values: no database, no clock, no settings."""
    forbidden = ("django.db", "django.conf", "django.apps", "django.utils.timezone")
    found = [
        f"{short(path)}:{node.lineno}"
        for path in layer_files("rules")
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith(forbidden))
        or (isinstance(node, ast.ImportFrom) and node.module == "django.utils" and "timezone" in _names(node))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in {"datetime.now", "date.today"})
    ]
    assert not found


def _names(node: ast.ImportFrom) -> set[str]:
    return {name.name for name in node.names}


def test_django_admin_is_not_routed() -> None:
    """It would bypass scope, frozen rows and transitions."""
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert "admin" not in get_resolver().namespace_dict


def test_sign_in_is_required_by_default() -> None:
    middleware = settings.MIDDLEWARE
    required = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    assert middleware.index(required) > middleware.index("django.contrib.auth.middleware.AuthenticationMiddleware")


def test_every_view_of_ours_is_a_page() -> None:
    """Views derive from the page bases; a function is one the page bases made, or is public by secret or health."""
    from apps.core.pages import Page  # noqa: PLC0415
    from tests.access.addresses import ADDRESSES  # noqa: PLC0415  builds the resolver

    functions = {
        address.name
        for address in ADDRESSES
        if getattr(address.view, "__module__", "").startswith("apps.")
        and not (address.page is not None and issubclass(address.page, Page))
    }
    assert functions <= FUNCTION_VIEWS, f"Derive from a page base: {functions - FUNCTION_VIEWS}"


#: Answers that are no pages of somebody signed in.
FUNCTION_VIEWS = {
    "accounts:accept",
    "core:health",
    "documents:content_by_link",
    "documents:sign",  # chooses between two pages, by side
    "verify",
}


def test_events_and_documents_are_declared_when_the_apps_are_ready() -> None:
    """A worker loads no views: what it writes and sends must read as well as on a page."""
    code = (
        "import django; django.setup()\n"
        "from apps.core.events import declared_events\n"
        "from apps.documents.registry import all_types\n"
        "early = {*declared_events(), *all_types()}\n"
        "import config.urls\n"
        "print(*sorted({*declared_events(), *all_types()} - early))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not done.stdout.split()
