"""Draws the app's icon as phones want it, from its SVG: `app_icons.py FOLDER`.

Runs on the product's Python, for Pillow. Of SVG it knows what the icon has: a rectangle, and closed
lines of M, h, v, H and z with a stroke and no filling.
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

from PIL import Image, ImageDraw

SOURCE = Path(__file__).resolve().parent.parent / "static" / "img" / "app.svg"
SIZES = {"app-192.png": 192, "app-512.png": 512, "app-touch.png": 180}
FINER = 4  # drawn larger and made small, for smooth edges
STEP = re.compile(r"([MhvHz])([-\d. ]*)")


def main(folder: Path) -> None:
    root = Xml.parse(SOURCE).getroot()  # noqa: S314 - our own file
    side = float(root.get("viewBox").split()[2])
    for name, size in SIZES.items():
        drawn(root, size * FINER / side, size).save(folder / name, optimize=True)


def drawn(root, scale: float, size: int) -> Image.Image:
    image = Image.new("RGB", (size * FINER, size * FINER))
    pen = ImageDraw.Draw(image)
    for shape in root:
        if shape.tag.endswith("rect"):
            width, height = (float(shape.get(each)) * scale for each in ("width", "height"))
            pen.rectangle((0, 0, width, height), fill=shape.get("fill"))
        else:
            stroke = float(shape.get("stroke-width")) * scale
            for line in lines(shape.get("d")):
                outline(pen, [(x * scale, y * scale) for x, y in line], stroke, shape.get("stroke"))
    return image.resize((size, size), Image.Resampling.LANCZOS)


def lines(path: str):
    """Each closed line of a path as its corners."""
    corners = []
    for letter, figures in STEP.findall(path):
        numbers = [float(each) for each in figures.split()]
        if letter == "M":
            corners = [tuple(numbers)]
        elif letter == "z":
            yield [*corners, corners[0]]
        else:
            x, y = corners[-1]
            moved = {"h": (x + sum(numbers), y), "v": (x, y + sum(numbers))}
            corners.append(moved[letter] if letter in moved else (numbers[0], y))


def outline(pen, corners, width: float, colour: str) -> None:
    pen.line(corners, fill=colour, width=round(width))
    for x, y in corners:  # round joins
        half = width / 2
        pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
