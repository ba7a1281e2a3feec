"""A link as a QR picture for screen and paper."""

from __future__ import annotations

import segno


def qr_data_uri(link: str) -> str:
    """Return a QR code as an SVG data address, black on white, with its quiet zone."""
    return segno.make(link, error="m", micro=False).svg_data_uri(scale=6, border=4, dark="#000", light="#fff")
