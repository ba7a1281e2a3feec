"""Simple drawings of what engineers photograph: one function a kind of thing, before and after the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PIL import ImageDraw

WIDTH, HEIGHT = 800, 600
Draw = ImageDraw.ImageDraw
Scene = Callable[[Draw, bool, int], None]

STEEL, DARK, LIGHT = "#8a949d", "#3b434b", "#d9dee2"
GREEN, RED, AMBER, BLUE = "#3f9b5f", "#b3392f", "#d99a2b", "#33689c"


def _lit(draw: Draw, x: int, y: int, good: bool) -> None:
    draw.ellipse((x - 11, y - 11, x + 11, y + 11), fill=GREEN if good else RED, outline=DARK, width=3)


def _puddle(draw: Draw, x: int, y: int) -> None:
    draw.ellipse((x - 130, y - 16, x + 130, y + 22), fill="#5d7484")
    draw.ellipse((x - 90, y - 10, x + 60, y + 4), fill="#89a0ae")


def lamp(draw: Draw, good: bool, turn: int) -> None:
    """A street lamp at dusk, its light on or off."""
    x = 330 + 70 * turn
    draw.rectangle((0, 470, WIDTH, HEIGHT), fill="#4a4f55")
    for mark in range(60, WIDTH, 180):
        draw.rectangle((mark, 530, mark + 90, 538), fill="#b9bcbf")
    draw.polygon([(x - 9, 500), (x - 5, 90), (x + 5, 90), (x + 9, 500)], fill="#6d757d")
    draw.line([(x, 96), (x + 70, 74), (x + 150, 72)], fill="#6d757d", width=9)
    if good:
        draw.polygon([(x + 95, 84), (x + 205, 84), (x + 330, 500), (x - 60, 500)], fill="#5e6468")
        draw.polygon([(x + 115, 84), (x + 190, 84), (x + 250, 500), (x + 20, 500)], fill="#8d8b77")
    draw.rounded_rectangle((x + 95, 64, x + 210, 84), 8, fill="#fff2b0" if good else "#42484e")


def distribution(draw: Draw, good: bool, turn: int) -> None:
    """An open distribution box with its row of breakers."""
    draw.rectangle((120, 60, 680, 560), fill="#b9c0c5", outline=DARK, width=8)
    draw.rectangle((160, 100, 640, 520), fill="#e9ecee")
    for row in range(2):
        top = 150 + 170 * row
        draw.rectangle((180, top - 14, 620, top - 6), fill=STEEL)
        for n in range(7):
            left = 190 + 62 * n
            bad = not good and row == turn % 2 and n == 2 + turn
            draw.rounded_rectangle(
                (left, top, left + 48, top + 86), 5, fill="#454b51" if bad else "#f7f8f8", outline=DARK
            )
            draw.rectangle((left + 16, top + (48 if bad else 22), left + 32, top + (64 if bad else 38)), fill=BLUE)
            draw.line(
                [(left + 24, top + 86), (left + 24 + 6 * (n - 3), top + 132)], fill=[RED, AMBER, GREEN][n % 3], width=5
            )
            if bad:
                draw.ellipse((left - 18, top + 60, left + 66, top + 118), fill="#2d2622")
    draw.rectangle((560, 470, 620, 500), fill=AMBER if good else "#777777")


def pump(draw: Draw, good: bool, turn: int) -> None:
    """A pump on its base, with pipes and a gauge."""
    draw.rectangle((0, 470, WIDTH, HEIGHT), fill="#737a7a")
    draw.rectangle((150, 440, 640, 475), fill="#5b6162")
    draw.rounded_rectangle((340, 330, 610, 440), 22, fill="#2f6fa5", outline=DARK, width=4)
    for fin in range(360, 600, 22):
        draw.line([(fin, 340), (fin, 430)], fill="#285d8b", width=4)
    draw.ellipse((190, 310, 350, 450), fill="#3a7cb5", outline=DARK, width=5)
    draw.ellipse((240, 355, 300, 410), fill="#2a5c87")
    draw.rectangle((245, 80, 300, 320), fill="#94a1a8")
    draw.rectangle((60, 352, 200, 408), fill="#94a1a8")
    draw.ellipse((430, 110, 570, 250), fill="white", outline=DARK, width=7)
    angle = (538, 150) if good else (462, 210)
    draw.line([(500, 180), angle], fill=RED, width=6)
    draw.line([(500, 250), (500, 330)], fill=STEEL, width=12)
    if not good:
        _puddle(draw, 300, 484 + 8 * turn)


def machine(draw: Draw, good: bool, turn: int) -> None:
    """A large machine with a barrel, a panel and a lamp."""
    draw.rectangle((0, 480, WIDTH, HEIGHT), fill="#6c7377")
    draw.rounded_rectangle((90, 210, 710, 330), 55, fill="#9fb0bb", outline=DARK, width=4)
    draw.rounded_rectangle((90, 350, 710, 460), 50, fill="#8597a3", outline=DARK, width=4)
    for band in (190, 360, 530):
        draw.rectangle((band, 205, band + 16, 465), fill="#6f808c")
    draw.rounded_rectangle((300 + 60 * turn, 90, 560 + 60 * turn, 215), 18, fill="#44637a", outline=DARK, width=4)
    draw.rectangle((600, 130, 700, 210), fill="#222a31")
    draw.text((612, 158), "RUN" if good else "ALM", fill="#7fe3a0" if good else "#ff8a7d", font_size=34)
    if not good:
        _puddle(draw, 270, 488)


def fan(draw: Draw, good: bool, turn: int) -> None:
    """A fan behind its guard; dusty before, clean after."""
    draw.rectangle((140, 60, 660, 540), fill="#c9d0d4", outline=DARK, width=6)
    draw.ellipse((185, 85, 615, 515), fill="#59626a" if good else "#4b443a")
    for blade in range(0, 360, 60):
        draw.pieslice(
            (205, 105, 595, 495), blade + 15 * turn, blade + 32 + 15 * turn, fill="#dfe4e7" if good else "#8a7a62"
        )
    for ring in (60, 120, 180):
        draw.ellipse((400 - ring, 300 - ring, 400 + ring, 300 + ring), outline="#aab2b8", width=3)
    draw.ellipse((365, 265, 435, 335), fill=DARK)
    if not good:
        for n in range(28):
            draw.ellipse((150 + n * 18, 490 + (n * 7) % 40, 168 + n * 18, 506 + (n * 7) % 40), fill="#a08e72")


def rack(draw: Draw, good: bool, turn: int) -> None:
    """Server cabinets in a cold aisle."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill="#c9d4dc")
    for n, left in enumerate((40, 230, 420, 610)):
        draw.rectangle((left, 40, left + 160, 560), fill="#23292f", outline="#0f1317", width=5)
        for unit in range(16):
            top = 60 + unit * 30
            draw.rectangle((left + 14, top, left + 146, top + 22), fill="#343c44")
            bad = not good and n == 1 + turn % 2 and unit in {5, 6}
            for led in range(3):
                draw.ellipse(
                    (left + 112 + led * 11, top + 8, left + 118 + led * 11, top + 14), fill=RED if bad else "#5fe08b"
                )


def cabinet(draw: Draw, good: bool, turn: int) -> None:
    """Power cabinets side by side with meters and lamps."""
    draw.rectangle((0, 510, WIDTH, HEIGHT), fill="#7b5f4a")
    for n in range(3):
        left = 60 + n * 235
        draw.rectangle((left, 50, left + 220, 510), fill="#d4d9dc", outline=STEEL, width=5)
        draw.rectangle((left + 40, 90, left + 180, 160), fill="#20282f")
        bad = not good and n == turn
        draw.text((left + 58, 104), "0.86" if bad else "0.97", fill="#ffb27a" if bad else "#8ff0b0", font_size=40)
        _lit(draw, left + 60, 200, True)
        _lit(draw, left + 110, 200, not bad)
        for drawer in range(3):
            draw.rectangle((left + 26, 240 + drawer * 84, left + 194, 312 + drawer * 84), outline=STEEL, width=4)
            draw.rectangle(
                (left + 150, 268 + drawer * 84, left + 182, 284 + drawer * 84),
                fill=RED if bad and drawer == 1 else DARK,
            )


def conditioner(draw: Draw, good: bool, turn: int) -> None:
    """An air outlet or an air conditioner with its display."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill="#e6e8e6")
    draw.rounded_rectangle((150, 90, 650, 500), 14, fill="#f6f7f7", outline=STEEL, width=5)
    for slat in range(270, 470, 22):
        draw.rectangle((180, slat, 620, slat + 10), fill="#b9c2c8")
    draw.rectangle((420, 125, 610, 205), fill="#1f2a33")
    draw.text((440, 138), "22.6" if good else "26.8", fill="#8ff0b0" if good else "#ff9d8c", font_size=52)
    if not good:
        for drop in range(5):
            x = 240 + 70 * drop + 9 * turn
            draw.ellipse((x, 515 + drop % 2 * 24, x + 14, 536 + drop % 2 * 24), fill="#6a8ca3")


def door(draw: Draw, good: bool, turn: int) -> None:
    """A glass or fire door in a hall; ajar before, shut after."""
    draw.rectangle((0, 490, WIDTH, HEIGHT), fill="#b8ab98")
    draw.rectangle((170, 70, 630, 500), fill="#5f5a53")
    gap = 0 if good else 46 + 12 * turn
    draw.rectangle((185, 85, 395 - gap, 495), fill="#bcd3dc", outline="#8fa8b2", width=4)
    draw.rectangle((405 + gap, 85, 615, 495), fill="#bcd3dc", outline="#8fa8b2", width=4)
    draw.rectangle((350 - gap, 270, 362 - gap, 350), fill=STEEL)
    draw.rectangle((438 + gap, 270, 450 + gap, 350), fill=STEEL)
    draw.rectangle((360, 30, 440, 62), fill=GREEN)


def ceiling(draw: Draw, good: bool, turn: int) -> None:
    """A ceiling with panel lights, one row dark before."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill="#d7d5cf" if good else "#b9b6ae")
    for row in range(3):
        for n in range(4):
            on = good or row != turn
            left, top = 50 + n * 185, 50 + row * 175
            draw.rectangle(
                (left, top, left + 140, top + 110), fill="#fffbe6" if on else "#8f8d86", outline="#efeee9", width=6
            )


def tap(draw: Draw, good: bool, turn: int) -> None:
    """A tap over its basin, running before."""
    draw.rectangle((0, 0, WIDTH, 330), fill="#cdd6d4")
    draw.rounded_rectangle((120, 360, 680, 560), 90, fill="#f4f5f4", outline="#aab3b3", width=5)
    draw.rounded_rectangle((370, 150, 420, 370), 12, fill="#aeb7bc", outline=DARK, width=3)
    draw.rounded_rectangle((370, 150, 560, 196), 18, fill="#aeb7bc", outline=DARK, width=3)
    if not good:
        draw.rectangle((532, 196, 546, 470 + 10 * turn), fill="#7fb2cf")


def wall(draw: Draw, good: bool, turn: int) -> None:
    """A faced wall with its joints; a crack before."""
    for row in range(4):
        for n in range(4):
            shade = ["#cbb995", "#c5b28d", "#d1c09e"][(row + n + turn) % 3]
            draw.rectangle((n * 200, row * 150, n * 200 + 196, row * 150 + 146), fill=shade)
    if not good:
        draw.line([(410, 40), (398, 120), (412, 190), (400, 260), (409, 330)], fill="#4a4033", width=7)


def furniture(draw: Draw, good: bool, turn: int) -> None:
    """Desks in a row."""
    draw.rectangle((0, 420, WIDTH, HEIGHT), fill="#b59a76")
    for n in range(3):
        left = 50 + n * 250
        tilt = 14 if not good and n == turn else 0
        draw.polygon(
            [(left, 270 + tilt), (left + 210, 270), (left + 210, 296), (left, 296 + tilt)],
            fill="#d9b581",
            outline="#8f6f43",
        )
        for leg in (left + 12, left + 186):
            draw.rectangle((leg, 296, leg + 12, 500), fill="#59616a")


def tree(draw: Draw, good: bool, turn: int) -> None:
    """A street tree, withered before and green after."""
    draw.rectangle((0, 450, WIDTH, HEIGHT), fill="#7d9a5b" if good else "#a49a68")
    for n, x in enumerate((150, 400, 650)):
        leaves = "#3f7d3b" if good or n != turn else "#9b7b36"
        draw.rectangle((x - 12, 260, x + 12, 480), fill="#6a4f36")
        for dx, dy, size in ((-50, 0, 80), (40, -10, 85), (0, -70, 90), (-10, 30, 75)):
            draw.ellipse((x + dx - size, 200 + dy - size, x + dx + size, 200 + dy + size), fill=leaves)
        draw.line([(x - 60, 480), (x, 350), (x + 60, 480)], fill="#8a6a45", width=6)


def lawn(draw: Draw, good: bool, turn: int) -> None:
    """A lawn with a sprinkler, patchy before."""
    draw.rectangle((0, 220, WIDTH, HEIGHT), fill="#5f9646")
    for n in range(0 if good else 7):
        x, y = 80 + n * 100, 320 + (n * 83 + 40 * turn) % 220
        draw.ellipse((x, y, x + 110, y + 50), fill="#b39b55")
    draw.rectangle((396, 330, 406, 400), fill=DARK)
    if good:
        for dx in (-150, -90, -40, 40, 90, 150):
            draw.arc(
                (400 - abs(dx), 240, 400 + abs(dx), 420),
                200 if dx < 0 else 270,
                270 if dx < 0 else 340,
                fill="#dceef5",
                width=3,
            )


def screen(draw: Draw, good: bool, turn: int) -> None:
    """A monitoring screen or a controller with its display."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill="#9aa4ab")
    draw.rounded_rectangle((120, 70, 680, 460), 14, fill="#1c232a", outline=DARK, width=8)
    for n in range(5):
        top = 110 + n * 64
        tone = "#ff8a7d" if not good and n == turn + 1 else "#7fe3a0"
        draw.rectangle((160, top, 190, top + 30), fill=tone)
        draw.rectangle((210, top + 6, 520 - 40 * (n % 3), top + 22), fill="#5e6f7d")
        draw.rectangle((550, top, 630, top + 30), fill="#2f3b45")
    draw.rectangle((360, 460, 440, 520), fill=DARK)


#: The first that fits a piece's name is drawn.
SUBJECTS: list[tuple[Scene, str]] = [
    (lamp, "路灯 投光灯"),
    (distribution, "配电箱 单灯控制器"),
    (ceiling, "平板灯"),
    (screen, "监控主机 检测主机 控制终端 控制盘 控制箱 喷灌控制器 门禁"),
    (pump, "水泵 循环泵 提升泵"),
    (machine, "冷水机组 发电机"),
    (fan, "新风 冷却塔 排风"),
    (conditioner, "风机盘管 精密空调"),
    (cabinet, "低压配电柜 UPS 列头柜 蓄电池"),
    (rack, "机柜 交换机"),
    (door, "门 卷帘 隔断"),
    (tap, "龙头"),
    (wall, "墙"),
    (tree, "香樟 桂花"),
    (lawn, "草坪"),
]


def scene_of(name: str) -> Scene:
    """Return what is drawn for a piece of equipment of this name."""
    return next((scene for scene, words in SUBJECTS if any(word in name for word in words.split())), furniture)


def background(night: bool) -> Any:
    """Return the colours of the picture's ground, from top to bottom."""
    return ("#1d2838", "#4d5664") if night else ("#c4ced6", "#e4e4df")
