"""Videos: bytes in ranges, length from the file, one honest clock a person, the position on every device."""

from __future__ import annotations

import struct
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import DomainError
from apps.core.uploads import AcceptedFile
from apps.training import authoring, learning
from apps.training.models import Material, Progress
from apps.training.videos import accept_material, seconds_of
from tests import factories as make

from .conftest import Scene

NOW = make.NOW
CLIP = (Path(__file__).parent / "clip.webm").read_bytes()
CLIP_SECONDS = 30


def _file(content: bytes, kind: str = "video/mp4") -> AcceptedFile:
    return AcceptedFile(content, kind, "mp4", "film.mp4", "0" * 64)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _film(scene: Scene) -> Material:
    type(scene.course).objects.filter(pk=scene.course.pk).update(is_online=True)
    file = accept_material(SimpleUploadedFile("clip.webm", CLIP))
    return authoring.add_material(
        course=scene.course, kind=Material.Kind.VIDEO, title="合闸", file=file, actor=scene.trainer, now=NOW
    )


def test_length_is_read_from_the_file() -> None:
    """WebM and both forms of MP4; a file that does not say, or lies, leaves it to the person."""
    assert seconds_of(accept_material(SimpleUploadedFile("clip.webm", CLIP))) == CLIP_SECONDS
    old = bytes(12) + struct.pack(">II", 600, 600 * 95)
    new = b"\x01" + bytes(19) + struct.pack(">IQ", 1000, 61_400)
    for header, seconds in ((old, 95), (new, 61)):
        content = _box(b"ftyp", b"isom") + _box(b"free", bytes(9)) + _box(b"moov", _box(b"mvhd", header))
        assert seconds_of(_file(content)) == seconds
    nothing = bytes(12) + struct.pack(">II", 0, 600)
    assert seconds_of(_file(_box(b"moov", _box(b"mvhd", b"")))) is None
    nested = b"\x1aE\xdf\xa3\x80" + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" * 2000
    assert seconds_of(_file(nested, "video/webm")) is None
    for content in (b"", _box(b"moov", b""), _box(b"moov", _box(b"mvhd", nothing)), _box(b"moov", _box(b"mvhd", b"x"))):
        assert seconds_of(_file(content)) is None
    assert seconds_of(_file(CLIP[:40], "video/webm")) is None
    assert seconds_of(_file(b"%PDF", "application/pdf")) is None


@given(st.binary(max_size=200), st.sampled_from([b"", CLIP[:60], CLIP[:300]]))
def test_broken_file_breaks_nothing(tail: bytes, head: bytes) -> None:
    for kind in ("video/mp4", "video/webm"):
        seconds = seconds_of(_file(head + tail, kind))
        assert seconds is None or seconds > 0


@pytest.mark.django_db
def test_video_needs_a_film_and_a_length(scene: Scene) -> None:
    values = {"course": scene.course, "kind": Material.Kind.VIDEO, "title": "影片", "actor": scene.trainer, "now": NOW}
    with pytest.raises(DomainError) as refused:
        authoring.add_material(file=_file(b"%PDF", "application/pdf"), **values)
    assert refused.value.field == "file"
    with pytest.raises(DomainError) as refused:
        authoring.add_material(file=_file(b"ftyp"), **values)
    assert refused.value.field == "seconds"
    assert authoring.add_material(file=_file(b"ftyp"), seconds=12, **values).seconds == 12
    assert _film(scene).seconds == CLIP_SECONDS


@pytest.mark.django_db
def test_film_is_answered_in_ranges(scene: Scene, client_of: Any) -> None:
    """T-03: a player goes on from where it stopped without what lies before."""
    url = reverse("training:material_play", args=[_film(scene).pk])
    member = client_of(scene.member)
    whole = member.get(url)
    assert (whole.status_code, whole["Accept-Ranges"], b"".join(whole.streaming_content)) == (200, "bytes", CLIP)
    part = member.get(url, headers={"range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, CLIP[100:300])
    assert part["Content-Range"] == f"bytes 100-299/{len(CLIP)}"
    rest = member.get(url, headers={"range": f"bytes={len(CLIP) - 10}-"})
    assert (rest.status_code, rest.content) == (206, CLIP[-10:])
    assert member.get(url, headers={"range": f"bytes={len(CLIP)}-"}).status_code == 416
    assert member.get(url, headers={"range": "bytes=50-20"}).status_code == 416
    assert member.get(url, headers={"range": f"bytes={'9' * 5000}-"}).status_code == 200


@pytest.mark.django_db
def test_seconds_are_counted_by_the_servers_clock(scene: Scene) -> None:
    """T-03: to the end by seeking, at double speed, in two tabs: never more than time has gone by."""
    film = _film(scene)

    def report(second: float, start: float, end: float, position: float | None = None) -> Progress:
        at = NOW + timedelta(seconds=second)
        claimed = [(start, end)] if end > start else []
        return learning.report_seen(
            material=film, intervals=claimed, position=position or end, actor=scene.member, now=at
        )

    report(0, 0, 0)
    assert report(1, 0, 0, position=29).seconds_seen == 0
    assert report(5, 0, 30).seconds_seen <= 7
    assert report(5.1, 0, 30).seconds_seen <= 7
    assert report(9, 0, 30).seconds_seen <= 11
    assert report(9.2, 0, 30).done_at is None
    # Waiting without a player counts for what a player would have reported meanwhile, not for the hours away.
    Progress.objects.update(seen=[], seconds_seen=0)
    assert report(7200, 0, 30).done_at is not None


@pytest.mark.django_db
def test_two_films_at_once_count_as_one(scene: Scene) -> None:
    """T-03: a person has one clock, whatever plays beside it."""
    course = scene.course
    films = [make.make_material(course=course, kind="video", seconds=600) for _n in range(2)]
    make.make_learning(user=scene.member, material=films[1], reported_at=NOW)
    for film in films:
        learning.report_seen(material=film, intervals=[], position=0, actor=scene.member, now=NOW)
    for second in range(8, 88, 8):
        at = NOW + timedelta(seconds=second)
        for film in films:
            learning.report_seen(
                material=film, intervals=[(second - 8, second)], position=second, actor=scene.member, now=at
            )
    seen = sum(Progress.objects.filter(user=scene.member).values_list("seconds_seen", flat=True))
    assert seen <= 80 + 4


@pytest.mark.django_db
def test_long_silence_was_not_played(scene: Scene) -> None:
    film = make.make_material(course=scene.course, kind="video", seconds=3600)
    learning.report_seen(material=film, intervals=[], position=0, actor=scene.member, now=NOW)
    later = NOW + timedelta(hours=2)
    row = learning.report_seen(material=film, intervals=[(0, 3600)], position=3600, actor=scene.member, now=later)
    assert row.seconds_seen <= learning.SILENCE.total_seconds() + 2
    assert row.done_at is None


@pytest.mark.django_db
def test_position_is_the_same_on_another_device(scene: Scene, client_of: Any) -> None:
    film = _film(scene)
    phone, desk = client_of(scene.member), client_of(scene.member)
    url = reverse("training:material_seen", args=[film.pk])
    assert phone.post(url, {"intervals": "[]", "position": "17.4"}).json() == {
        "seconds": 0,
        "whole": CLIP_SECONDS,
        "done": False,
    }
    assert 'data-start="17"' in desk.get(film.get_absolute_url()).text
    assert phone.post(url, {"intervals": "[[0]]", "position": "1"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("intervals", ["[[0, 1" + "0" * 400 + "]]", "[" * 100_000, "[[null, 2]]", "5"])
def test_report_of_no_player_of_ours_is_refused(scene: Scene, client_of: Any, intervals: str) -> None:
    film = _film(scene)
    url = reverse("training:material_seen", args=[film.pk])
    assert client_of(scene.member).post(url, {"intervals": intervals, "position": "0"}).status_code == 400
