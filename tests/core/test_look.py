"""The look: icons, vendored files, colours and their contrast, what pages carry, and the tags of the list page."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import StaffRole, User
from apps.core.registry import Badge
from apps.core.templatetags.listing import page_numbers
from tools import make_icons, vendor

ROOT = Path(__file__).resolve().parent.parent.parent
SCREEN_SHEETS = [
    path for path in (ROOT / "static" / "css").glob("*.css") if path.name not in {"tokens.css", "paper.css"}
]
#: Paper is rendered without a browser and has rules of its own.
PAPER = {"_choices", "_facts", "_logo", "_photos", "_row", "_signatures", "_status", "base", "equipment_labels"}
PAPER |= {"promise_sheet", "repair_sheet", "revisit_report", "warranty_card"}
SCREEN_PAGES = [
    path
    for path in (ROOT / "templates").rglob("*.html")
    if not (path.parent.name == "documents" and path.stem in PAPER)
]


@pytest.fixture
def hejing(db):
    user = User(username="hejing", name="何静")
    user.set_password("a-long-enough-one")
    user.save()
    StaffRole.objects.create(user=user, role="administrator")
    return user


@pytest.fixture
def signed_in(hejing):
    client = Client()
    client.force_login(hejing, backend="apps.accounts.backends.IdentifierBackend")
    return client


# Files


def test_every_icon_that_is_named_is_in_the_sprite():
    missing = {name: place for name, place in make_icons.used().items() if name not in make_icons.kept()}
    assert not missing, "run tools/make_icons.py"


def test_icons_of_templates_and_of_python_are_found():
    assert {"search", "bell", "file-export"} <= set(make_icons.used())


def test_vendored_files_are_the_pinned_ones():
    pins = json.loads(vendor.PINS.read_text())
    assert pins
    assert [path for name, pin in pins.items() for path in vendor.wrong(name, pin)] == []


def test_every_vendored_package_carries_its_licence_and_version():
    for name, pin in json.loads(vendor.PINS.read_text()).items():
        folder = vendor.folder_of(name)
        assert pin["version"] in (folder / "VERSION").read_text()
        assert (folder / Path(pin["licence"]).name).stat().st_size > 300


def test_style_sheets_take_their_colours_from_the_tokens():
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|:\s*(?:white|black|red|gr[ae]y)\b")
    found = {path.name: colour.findall(path.read_text()) for path in SCREEN_SHEETS}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_style_sheets_use_only_tokens_that_exist():
    declared = set(re.findall(r"(--[\w-]+)\s*:", (ROOT / "static/css/tokens.css").read_text()))
    for path in SCREEN_SHEETS:
        text = path.read_text()
        used = set(re.findall(r"var\((--[\w-]+)", text))
        assert used <= declared | set(re.findall(r"(--[\w-]+)\s*:", text)), path.name


def test_style_sheets_are_whole():
    for path in SCREEN_SHEETS:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        assert text.count("{") == text.count("}"), path.name


def test_pages_hold_no_inline_style_or_script():
    """The content policy would drop them in the browser without a word."""
    inline = re.compile(r"""\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=["']|href=["']javascript:""")
    found = {str(path.relative_to(ROOT)): inline.findall(path.read_text()) for path in SCREEN_PAGES}
    assert {name: bad for name, bad in found.items() if bad} == {}


# Contrast (WCAG 2.2 AA: 4.5 for text, 3 for the edges of controls)


def _tokens(theme: str) -> dict[str, str]:
    text = (ROOT / "static/css/tokens.css").read_text()
    blocks = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    light = next(body for head, body in blocks if '"light"' in head)
    dark = next(body for head, body in blocks if '"dark"' in head)
    values = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light))
    return values if theme == "light" else values | dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", dark))


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT_PAIRS = [
    *itertools.product(["ink", "ink-2", "ink-3"], ["bg", "surface", "hover"]),
    *itertools.product(["accent"], ["bg", "surface", "accent-soft"]),
    ("ink-2", "sunken"),
    ("on-solid", "accent"),
    *((tone, f"{tone}-bg") for tone in ("ok", "warn", "bad", "info", "idle")),
    *itertools.product(["ok", "warn", "bad"], ["surface"]),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable_on_its_ground(theme, text, ground):
    colours = _tokens(theme)
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["bg", "surface"])
def test_edges_of_controls_are_visible(theme, ground):
    colours = _tokens(theme)
    assert _contrast(colours["line-strong"], colours[ground]) >= 3


# The frame


def test_a_page_carries_its_frame(signed_in):
    page = signed_in.get("/search/").content.decode()
    assert '<html lang="zh-Hans"' in page
    assert 'class="skip btn btn-p" href="#content"' in page
    assert '<main id="content"' in page
    assert "何静" in page
    assert re.search(r'<form method="post" action="[^"]*logout[^"]*">', page), "signing out is a POST"


def test_the_current_section_is_marked(signed_in):
    page = signed_in.get("/account/people/").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page)[0] == "/account/people/"


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', None), (None, None)]
)
def test_the_chosen_brightness_is_there_before_the_first_paint(signed_in, cookie, theme):
    if cookie:
        signed_in.cookies["theme"] = cookie
    page = signed_in.get("/search/").content.decode()
    found = re.search(r'data-bs-theme="(\w+)"', page.split("</head>")[0])
    assert (found.group(1) if found else None) == theme


def test_english_is_complete_on_the_frame(signed_in):
    signed_in.cookies["django_language"] = "en"
    page = signed_in.get("/search/").content.decode()
    assert '<html lang="en"' in page
    assert "Skip to the content" in page


def test_the_sign_in_page_shows_no_menu_and_both_languages(db):
    page = Client().get("/account/login/").content.decode()
    assert 'class="nav"' not in page
    assert 'lang="zh-Hans"' in page
    assert ">English</button>" in page
    assert 'autocomplete="current-password"' in page


# Errors


def test_an_unknown_address_is_answered_in_house_style(signed_in):
    answer = signed_in.get("/nothing/here/")
    assert answer.status_code == 404
    assert 'class="top"' in answer.content.decode()


def test_an_expired_form_keeps_the_draft(hejing):
    client = Client(enforce_csrf_checks=True)
    client.force_login(hejing, backend="apps.accounts.backends.IdentifierBackend")
    answer = client.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "data-refused" in answer.content.decode(), "the draft script must not take this answer for an acceptance"


def test_the_500_page_stands_alone():
    page = render_to_string("errors/500.html")
    assert "<main>" in page
    assert "portal.css" in page


# Components


def test_step_buttons_carry_a_token_and_a_key_of_their_own(rf: RequestFactory):
    edges = [
        SimpleNamespace(name="depart", label="出发", icon="car", style="primary", form=None),
        SimpleNamespace(name="decline", label="谢绝", icon="x", style="danger", form=None),
        SimpleNamespace(name="plan", label="预约", icon="calendar", style="secondary", form="PlanForm"),
    ]
    row = SimpleNamespace(pk=7, _meta=SimpleNamespace(label_lower="tickets.workorder"))
    context = Context({"request": rf.get("/"), "row": row, "steps": edges, "csrf_token": "token"})
    html = Template("{% load portal %}{% step_buttons row steps %}").render(context)
    assert html.count('method="post"') == 2
    assert html.count('name="csrfmiddlewaretoken"') == 2
    keys = re.findall(r'name="submission_key" value="([^"]+)"', html)
    assert len(set(keys)) == 2
    assert re.search(r'<a class="btn "\s+href="/steps/tickets.workorder/7/plan/"', html)


def test_a_badge_is_colour_word_and_icon_and_says_why():
    html = render_to_string("components/badge.html", {"badge": Badge("保外", "warn", "coin-yuan", "2026-05-31 到期")})
    assert "b-warn" in html
    assert "#coin-yuan" in html
    assert "保外" in html
    assert html.count("2026-05-31 到期") == 2, "for the mouse and for those who listen"


def test_a_missing_photo_has_a_frame_with_its_name():
    html = render_to_string("components/photo_frames.html", {"photos": [], "missing": "维修后", "need": True})
    assert "frame empty need" in html
    assert "维修后" in html


def test_what_a_person_wrote_is_escaped_in_a_timeline():
    line = SimpleNamespace(
        at=timezone.now(),
        title="已受理",
        note="<script>alert(1)</script>",
        subject=None,
        kind=SimpleNamespace(tone="ok", icon="check"),
        event=SimpleNamespace(actor="何静"),
    )
    html = render_to_string("components/timeline.html", {"lines": [line]})
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


# The list page


def test_a_filter_in_use_can_be_removed_alone(signed_in):
    page = signed_in.get("/account/people/?q=何静&role=administrator&page=1").content.decode()
    removals = re.findall(r'<a class="chip on" href="([^"]+)"', page)
    assert len(removals) == 2
    assert "role=administrator" in removals[0]
    assert "q=" not in removals[0]
    assert "page=" not in removals[0]


def test_no_match_says_which_filter_to_remove(signed_in):
    page = signed_in.get("/account/people/?q=绝无此人").content.decode()
    with translation.override("zh-hans"):
        assert translation.gettext("Nothing matches all of these filters. Remove one:") in page
    assert 'href="?' in page


def test_blank_choices_are_no_filter(signed_in):
    page = signed_in.get("/account/people/?q=&role=&is_active=unknown").content.decode()
    assert "chip on" not in page


def test_htmx_gets_the_rows_alone_and_the_history_does_not_mix_them_up(signed_in):
    part = signed_in.get("/account/people/", headers={"HX-Request": "true"})
    whole = signed_in.get("/account/people/")
    assert "<html" not in part.content.decode()
    assert 'id="list-rows"' in part.content.decode()
    assert "<html" in whole.content.decode()
    assert "HX-Request" in whole["Vary"]


@given(count=st.integers(1, 3000), wanted=st.integers(1, 120))
def test_page_numbers_hold_the_ends_and_this_one(count, wanted):
    page = Paginator(range(count), 25).get_page(wanted)
    numbers = page_numbers(page)
    real = [number for number in numbers if number is not None]
    assert {1, page.number, page.paginator.num_pages} <= set(real)
    assert real == sorted(set(real))
    for before, after in itertools.pairwise(real):
        between = numbers[numbers.index(before) + 1 : numbers.index(after)]
        assert between == ([] if after == before + 1 else [None])
