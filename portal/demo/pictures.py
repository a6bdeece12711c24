"""Invented photographs of what is wrong and of how it looks afterwards: plain shapes, no fonts.

Every scene has a handful of things; the first `wrong` of them are as they should not be. So a
picture of before has all of them wrong, one of a half-hearted rectification still a few.
"""

from random import Random

from PIL import Image, ImageDraw

from portal.demo.papers import as_jpeg

WIDTH, HEIGHT = 640, 480
THINGS = 6
ALL, SOME, NONE = THINGS, 2, 0
Pen = ImageDraw.ImageDraw

WALLS = ("#d9dde0", "#e3ded4", "#d3dcd8", "#dcd8e2")
FLOORS = ("#a7aeb2", "#b5ab99", "#9fada6", "#aca7b4")


def draw(scene: str, *, wrong: int, look: int) -> bytes:
    """A JPEG of a scene; `look` chooses its colours and from which side it is seen."""
    rng = Random(f"{scene}/{look}")  # noqa: S311 - where things lie
    image = Image.new("RGB", (WIDTH, HEIGHT), WALLS[look % len(WALLS)])
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 330, WIDTH, HEIGHT), fill=FLOORS[look % len(FLOORS)])
    SCENES[scene](pen, wrong, rng)
    if look % 2:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return as_jpeg(image)


def scene_of(item: str) -> str:
    """What is to be seen where a line of the rubrics is checked."""
    return SCENE_OF.get(item) or USUAL[item[:2]]


def garage(pen: Pen, wrong: int, rng: Random) -> None:
    """Lamps over parking bays."""
    light = 1 - wrong / THINGS * 0.75
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=grey(170 * light + 20))
    pen.polygon([(0, 480), (640, 480), (420, 230), (220, 230)], fill=grey(130 * light + 20))
    pen.rectangle((220, 150, 420, 230), fill=grey(60 * light + 15))
    for side in (0, 1):
        for n, (x, w) in enumerate(((0, 46), (90, 34), (160, 24))):
            left = x if not side else WIDTH - x - w
            pen.rectangle((left, 60 + 28 * n, left + w, 400 - 48 * n), fill=grey(200 * light + 25))
            pen.rectangle((left, 360 - 46 * n, left + w, 400 - 48 * n), fill="#c79a2e")
    pen.line((320, 235, 320, 480), fill=grey(230 * light + 20), width=6)
    for n in range(THINGS):
        x, y, w = 320 + (-1) ** n * (50 + 34 * (n // 2)), 130 - 42 * (n // 2), 26 + 12 * (n // 2)
        pen.rectangle((x - w, y, x + w, y + 9), fill="#3a3d42" if n < wrong else "#fffbe6")
    for n, colour in enumerate(("#6d7f96", "#a34a44")):
        car(pen, 90 + 380 * n, 330 + 20 * n, colour if light > 0.6 else grey(70))


def car(pen: Pen, x: int, y: int, colour: str) -> None:
    pen.rounded_rectangle((x, y, x + 110, y + 44), 14, fill=colour)
    pen.rounded_rectangle((x + 20, y - 26, x + 90, y + 8), 12, fill=colour)
    pen.rectangle((x + 28, y - 18, x + 82, y), fill="#c9d6df")
    for wheel in (x + 14, x + 74):
        pen.ellipse((wheel, y + 32, wheel + 24, y + 56), fill="#26282c")


def plant(pen: Pen, wrong: int, rng: Random) -> None:
    """Cabinets with lamps; things lie before those that are not in order."""
    for n in range(THINGS):
        x = 28 + n * 98
        pen.rectangle((x, 70, x + 86, 350), fill="#6f7f8a", outline="#4c5962", width=3)
        pen.rectangle((x + 12, 92, x + 74, 150), fill="#dfe5e8")
        bad = n < wrong
        pen.arc((x + 20, 100, x + 66, 146), 180, 360, fill="#c0392b" if bad else "#2f7d57", width=6)
        pen.ellipse((x + 34, 168, x + 52, 186), fill="#d8452f" if bad else "#46c07a")
        pen.rectangle((x + 66, 215, x + 72, 255), fill="#2e353a")
        if bad:
            box(pen, rng, x + rng.randrange(-8, 12), 400)
        else:
            pen.rectangle((x, 372, x + 86, 380), fill="#e0b93a")


def box(pen: Pen, rng: Random, x: int, bottom: int) -> None:
    size = rng.randrange(48, 78)
    top = bottom + rng.randrange(0, 40) - size
    pen.rectangle((x, top, x + size, top + size), fill="#b98d58", outline="#8a6539", width=3)
    pen.line((x, top + size // 3, x + size, top + size // 3), fill="#dcc08f", width=6)


def pump(pen: Pen, wrong: int, rng: Random) -> None:
    """Pipes with gauges over a floor that is wet or dry."""
    for y in (110, 220):
        pen.rectangle((0, y, WIDTH, y + 34), fill="#3f7f5b", outline="#2a5940", width=3)
    for n in range(THINGS):
        x, bad = 40 + n * 102, n < wrong
        pen.rectangle((x + 18, 70, x + 34, 340), fill="#a13c34", outline="#6f2620", width=2)
        pen.ellipse((x, 30, x + 52, 82), fill="#f4f4f0", outline="#33383c", width=4)
        end = (x + 10, 66) if bad else (x + 40, 44)
        pen.line((x + 26, 56, *end), fill="#c0392b" if bad else "#2f7d57", width=4)
        if bad:
            pen.polygon([(x + 18, 130), (x + 34, 130), (x + 28, 200)], fill="#8a5b33")
            pen.ellipse((x - 30, 380, x + 80, 440), fill="#6f8ea3")
        else:
            pen.rectangle((x - 4, 250, x + 56, 282), fill="#f6f7f4", outline="#6b7075", width=2)
            pen.line((x + 4, 266, x + 48, 266), fill="#2f7d57", width=3)


def screens(pen: Pen, wrong: int, rng: Random) -> None:
    """A wall of monitors; those that are wrong are dark."""
    pen.rectangle((0, 0, WIDTH, 330), fill="#2b3138")
    for n in range(THINGS):
        x, y = 50 + (n % 3) * 185, 30 + (n // 3) * 145
        pen.rectangle((x, y, x + 170, y + 125), fill="#0d1013", outline="#565f67", width=5)
        if n < wrong:
            pen.line((x + 60, y + 40, x + 110, y + 88), fill="#8b3a32", width=6)
            pen.line((x + 110, y + 40, x + 60, y + 88), fill="#8b3a32", width=6)
            continue
        pen.rectangle((x + 6, y + 6, x + 164, y + 60), fill="#8fb3c9")
        pen.rectangle((x + 6, y + 60, x + 164, y + 119), fill="#7d8a76")
        pen.rectangle((x + 30, y + 34, x + 74, y + 90), fill="#c9c4b6")
        pen.polygon([(x + 90, y + 119), (x + 150, y + 119), (x + 124, y + 62)], fill="#59605f")
    pen.rectangle((0, 360, WIDTH, 400), fill="#77604a")
    pen.rectangle((230, 372, 420, 388), fill="#23282c")


def corridor(pen: Pen, wrong: int, rng: Random) -> None:
    """A way out with doors, and what stands in it."""
    pen.polygon([(0, 480), (640, 480), (400, 220), (240, 220)], fill="#c3c0b6")
    pen.polygon([(0, 0), (240, 120), (240, 220), (0, 480)], fill="#e4e1d8")
    pen.polygon([(640, 0), (400, 120), (400, 220), (640, 480)], fill="#d6d2c7")
    pen.rectangle((240, 120, 400, 220), fill="#efece4")
    pen.rectangle((288, 140, 352, 220), fill="#8f9fa8" if wrong < ALL else "#3c4146")
    pen.rectangle((292, 124, 348, 136), fill="#2f9e62" if wrong < SOME else "#8e9892")
    pen.polygon([(60, 60), (150, 105), (150, 330), (60, 420)], fill="#8c5a3c")
    pen.polygon([(580, 60), (490, 105), (490, 330), (580, 420)], fill="#8c5a3c")
    for n in range(wrong):
        box(pen, rng, 120 + n * 66, 400 + (n % 2) * 30)
    if wrong < SOME:
        pen.polygon([(300, 235), (340, 235), (400, 470), (240, 470)], fill="#d2d0c8")
        pen.rectangle((150, 352, 176, 420), fill="#b8342a")


def files(pen: Pen, wrong: int, rng: Random) -> None:
    """Shelves of folders: labelled and upright, or leaning and loose."""
    for shelf in range(2):
        y = 60 + shelf * 160
        pen.rectangle((40, y, 600, y + 150), fill="#6a4f38")
        pen.rectangle((52, y + 10, 588, y + 140), fill="#8a6a4c")
        for n in range(3):
            folders(pen, rng, 60 + n * 178, y + 140, bad=shelf * 3 + n < wrong)


def folders(pen: Pen, rng: Random, x: int, bottom: int, *, bad: bool) -> None:
    if not bad:
        for n in range(7):
            left = x + n * 23
            pen.rectangle((left, bottom - 116, left + 20, bottom), fill="#2f5f8f")
            pen.rectangle((left + 4, bottom - 96, left + 16, bottom - 56), fill="#f5f5f0")
        return
    colours = ["#9c4f43", "#5e7d5a", "#c9b98a", "#59627a", "#d9d5c9"]
    for n in range(5):
        left, lean = x + 4 + n * 28, rng.randrange(-6, 34)
        top = bottom - rng.randrange(70, 118)
        pen.polygon(
            [(left, bottom), (left + 20, bottom), (left + 20 + lean, top), (left + lean, top)],
            fill=rng.choice(colours),
        )


def board(pen: Pen, wrong: int, rng: Random) -> None:
    """A notice board: six sheets in two rows, or a few yellowed ones anyhow."""
    pen.rectangle((70, 40, 570, 310), fill="#b9c3c9", outline="#7d5d3b", width=12)
    pen.rectangle((90, 56, 550, 86), fill="#b8342a" if wrong < SOME else "#8f8a80")
    for n in range(THINGS):
        x, y, bad = 104 + (n % 3) * 150, 100 + (n // 3) * 100, n < wrong
        dx, dy = (rng.randrange(-14, 15), rng.randrange(-10, 11)) if bad else (0, 0)
        lean = rng.randrange(-18, 19) if bad else 0
        sheet = [
            (x + dx, y + dy),
            (x + 124 + dx, y + dy + lean),
            (x + 124 + dx, y + 86 + dy + lean),
            (x + dx, y + 86 + dy),
        ]
        pen.polygon(sheet, fill="#d8c89b" if bad else "#fbfbf8")
        for line in range(4 if not bad else 2):
            at = y + 18 + line * 16 + dy
            pen.line((x + 12 + dx, at, x + 106 + dx, at + lean // 2), fill="#77808a", width=3)


def keys(pen: Pen, wrong: int, rng: Random) -> None:
    """A key cabinet: every hook with its tag, or a heap."""
    pen.rectangle((120, 30, 520, 320), fill="#8e979d", outline="#545c61", width=8)
    for n in range(THINGS * 4):
        x, y, bad = 150 + (n % 6) * 60, 52 + (n // 6) * 66, n % 6 < wrong
        if bad and rng.random() < 0.5:
            x, y = rng.randrange(150, 470), rng.randrange(340, 420)
        pen.ellipse((x, y, x + 16, y + 16), outline="#6d5520", width=4)
        pen.line((x + 8, y + 16, x + 8, y + 44), fill="#c7a03b", width=5)
        if not bad:
            pen.rectangle((x + 14, y + 18, x + 38, y + 34), fill="#f5d94e")


def green(pen: Pen, wrong: int, rng: Random) -> None:
    """Trees over a lawn: in leaf, or bare with rubbish underneath."""
    pen.rectangle((0, 0, WIDTH, 250), fill="#bcd6e6")
    pen.rectangle((0, 250, WIDTH, HEIGHT), fill="#6f9a54" if wrong < ALL else "#a59a63")
    for n in range(THINGS):
        x, bad = 60 + n * 104, n < wrong
        pen.rectangle((x - 6, 170, x + 6, 300), fill="#6b4c33")
        if bad:
            for dx, dy in ((-34, -30), (30, -44), (-18, -60), (20, -14)):
                pen.line((x, 200, x + dx, 200 + dy * 1.6), fill="#6b4c33", width=4)
            litter = 320 + rng.randrange(90)
            pen.ellipse((x - 20, litter, x + 8, litter + 16), fill="#e6e0d2")
        else:
            pen.ellipse((x - 50, 70, x + 50, 215), fill="#3f7d46")
            pen.ellipse((x - 30, 84, x + 20, 150), fill="#57985b")
    pen.rectangle((0, 430, WIDTH, HEIGHT), fill="#b7b2a8")


def floor(pen: Pen, wrong: int, rng: Random) -> None:
    """A lobby floor: it shines, or it is dull and stained."""
    clean = wrong < SOME
    pen.rectangle((0, 250, WIDTH, HEIGHT), fill="#dcd6c8" if clean else "#8d877a")
    for n in range(-4, 12):
        pen.line((320 + (n - 4) * 40, 250, 320 + (n - 4) * 170, 480), fill="#aaa395", width=2)
    for y in (285, 335, 405):
        pen.line((0, y, WIDTH, y), fill="#aaa395", width=2)
    pen.rectangle((230, 60, 410, 250), fill="#7f929c", outline="#4f5e66", width=6)
    pen.line((320, 60, 320, 250), fill="#4f5e66", width=5)
    if clean:
        pen.polygon([(246, 250), (394, 250), (440, 450), (200, 450)], fill="#eef1ee")
    for _n in range(wrong):
        x, y, w = rng.randrange(20, 520), rng.randrange(290, 430), rng.randrange(40, 110)
        pen.ellipse((x, y, x + w, y + w // 3), fill="#544c3d")


def bins(pen: Pen, wrong: int, rng: Random) -> None:
    """A row of bins with their lids shut, or with bags around them."""
    for n in range(THINGS):
        x, bad = 34 + n * 100, n < wrong
        pen.polygon(
            [(x, 170), (x + 80, 170), (x + 70, 360), (x + 10, 360)],
            fill=("#3c7a4e", "#4a6c8c", "#6a6f74")[n % 3],
        )
        lid = (
            [(x - 4, 120), (x + 60, 96), (x + 66, 112), (x, 138)]
            if bad
            else [(x - 6, 154), (x + 86, 154), (x + 86, 172), (x - 6, 172)]
        )
        pen.polygon(lid, fill="#2c3034")
        if bad:
            for _bag in range(2):
                left, top = x + rng.randrange(-20, 60), rng.randrange(340, 410)
                pen.ellipse((left, top, left + 66, top + 50), fill="#1f2225")
            pen.ellipse((x + 6, 132, x + 72, 182), fill="#d9d4c6")


def gate(pen: Pen, wrong: int, rng: Random) -> None:
    """A gate with its post; cycles in a row or all over the way."""
    pen.rectangle((0, 0, WIDTH, 240), fill="#bfd3df")
    pen.rectangle((470, 110, 610, 360), fill="#e8e6df", outline="#70757a", width=4)
    pen.rectangle((486, 140, 594, 230), fill="#f7e9a8" if wrong < SOME else "#4a555e")
    if wrong < SOME:
        pen.ellipse((524, 156, 556, 188), fill="#c99b7a")
        pen.rectangle((512, 188, 568, 230), fill="#24365c")
    pen.line((60, 290, 470, 262), fill="#c0392b", width=12)
    for n in range(THINGS):
        bad = n < wrong
        x, y = (rng.randrange(30, 380), rng.randrange(330, 410)) if bad else (40 + n * 66, 350)
        for wheel in (0, 44):
            pen.ellipse((x + wheel, y, x + wheel + 36, y + 36), outline="#25282c", width=4)
        pen.line((x + 18, y + 18, x + 40, y - 8, x + 62, y + 18), fill="#3a6ea5", width=5)


def grey(level: float) -> str:
    shade = int(level)
    return f"#{shade:02x}{shade:02x}{min(shade + 6, 255):02x}"


SCENES = {
    "garage": garage,
    "plant": plant,
    "pump": pump,
    "screens": screens,
    "corridor": corridor,
    "files": files,
    "board": board,
    "keys": keys,
    "green": green,
    "floor": floor,
    "bins": bins,
    "gate": gate,
}
USUAL = {"CS": "files", "FA": "plant", "OR": "gate", "EN": "floor"}
# Lines of the rubrics that do not look like their specialty's usual place.
SCENE_OF = {
    "CS07": "floor", "CS08": "floor", "CS09": "pump", "CS11": "keys", "CS13": "corridor",
    "CS15": "board", "CS01": "board", "FA06": "screens", "FA07": "corridor", "FA08": "pump",
    "FA09": "pump", "FA10": "pump", "FA18": "pump", "FA19": "corridor", "FA23": "floor",
    "FA24": "garage", "FA25": "garage", "FA28": "files", "FA29": "files", "OR03": "files",
    "OR07": "files", "OR10": "screens", "OR12": "screens", "OR13": "keys", "OR14": "garage",
    "OR19": "corridor", "OR20": "corridor", "OR21": "board", "OR23": "board", "EN02": "floor",
    "EN03": "bins", "EN04": "garage", "EN08": "pump", "EN09": "green", "EN10": "green",
    "EN11": "green", "EN12": "green", "EN13": "green", "EN14": "bins", "EN15": "bins",
    "EN17": "bins", "EN18": "board", "EN21": "pump", "EN23": "files", "EN25": "board",
}  # fmt: skip
