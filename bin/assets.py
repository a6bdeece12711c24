"""Brings the browser's third-party files into static/vendor/ (none of them is committed)."""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICONS = MODULES / "@tabler" / "icons" / "icons" / "outline"
SPRITE = VENDOR / "icons.svg"

# From node_modules to static/vendor. Of ECharts the bundle with lines, bars and scatters: the
# whole one is half as large again.
FILES = {
    "echarts/dist/echarts.common.min.js": "echarts.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "idb/build/umd.js": "idb.js",
    "signature_pad/dist/signature_pad.umd.min.js": "signature_pad.min.js",
}

# The app's icon as phones want it (app_icons.py).
PICTURES = ("app-192.png", "app-512.png", "app-touch.png")
PYTHON = ROOT / ".venv" / "bin" / "python"

TABLER = MODULES / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"
STYLESHEET = VENDOR / "pinzhi.css"
# What counts as used of Tabler: a word anywhere in these, in templates, scripts, Python and styles.
USERS = (
    "templates/**/*.html", "static/js/*.js", "static/css/*.css",
    "{organization,campaign,scoring,inspections,rewards,portal}/**/*.py",
    ".venv/lib/python3*/site-packages/crispy_bootstrap5/templates/**/*.html",
)  # fmt: skip
KEPT = ("is-", "alert", "invalid")  # starts of classes that are put together of pieces
# Of static/css/, in this order, what every page gets; what only one page needs that page links.
STYLES = (
    "tokens", "base", "shell", "parts", "work", "signing", "campaign", "setup", "inbox",
    "calendar", "told", "robots", "plan", "sheet", "device", "self-check", "results", "result",
    "settlement", "rubric", "rubric-edit", "finding", "photo-layer", "finding-board", "exams",
    "matrix", "learning", "cases", "audit-visits", "callbacks", "appeals", "training", "phone",
    "print",
)  # fmt: skip

# Of static/js/ (and what stands in static/vendor/), in this order, what the entry page gets as one:
# a phone would wait for each of thirty. Four, so that none keeps a tap waiting while it runs.
SCRIPTS = {
    "entry-outbox.js": (
        "js/shell", "js/device", "vendor/idb", "js/delivery", "js/outbox", "js/outbox-ends",
        "js/outbox-sending", "js/outbox-count", "js/packs", "js/outbox-older", "js/sheet-ready",
    ),
    "entry-pictures.js": (
        "js/photo-layer", "js/pair-view", "js/photo-time", "js/photo-scale", "js/photo-draw",
    ),
    "entry-sheet.js": (
        "js/sheet-cards", "js/sheet-queue", "js/sheet-signed", "js/sheet-photos",
        "js/sheet-stepper", "js/sheet-entry", "js/sheet-answer", "js/sheet-unsent",
        "js/sheet-fold", "js/sheet-provisional",
    ),
    "entry-steps.js": (
        "js/sheet-steps", "js/sheet-left", "js/sheet-phrases", "js/sheet-keys", "js/form-keep",
    ),
}  # fmt: skip

# The entry page gets of the stylesheet what it uses, not the two thirds that are of other pages: by
# the words of its templates (the second is what it is answered), of its scripts, and of the modules
# that write into it, with the templates that these name. (States and notes have classes of pieces.)
ENTRY_STYLESHEET = VENDOR / "entry.css"
ENTRY = ("inspections/sheet.html", "inspections/_sheet_answer.html")
ENTRY_MARKS = (
    "organization/states.py", "organization/templatetags/*.py", "portal/shell.py",
    "inspections/templatetags/sheet*.py",
)  # fmt: skip
ENTRY_KEPT = (*KEPT, "state-", "note-")
NAMED = re.compile(r'''"([\w/]+\.html)"''')
REACHES = re.compile(r"""\{%\s*(?:include|extends)\s+"([^"]+)\"""")

NAME = r"""["']([a-z0-9]+(?:-[a-z0-9]+)*)["']"""
STRING = re.compile(NAME)
# {% icon "x" %}, icon="x", icon: "x", "icon": "x", data-icon="x", icons.svg#x
ICON_PLACE = re.compile(r"""(?:\{%\s*icon\s+|icon["']?\s*[:=]\s*)""" + NAME, re.IGNORECASE)
SHAPE = re.compile(r"<[a-z][^>]*/>")
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
ICON_LINK = re.compile(r"icons\.svg#([a-z0-9-]+)")


def apps():
    """The folders with Python code of the product (tests draw no icons)."""
    return [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]


def pages():
    """Templates and scripts."""
    for folder in [ROOT / "templates", ROOT / "static" / "js", *apps()]:
        for path in folder.rglob("*"):
            if path.suffix in {".html", ".js", ".svg"}:
                yield path


def modules():
    for app in apps():
        for path in app.rglob("*.py"):
            if path.parent.name != "migrations":
                yield path


def named_icons():
    """Where an icon is named for certain: {name: path of one such place}."""
    found = {}
    for path in [*pages(), *modules()]:
        text = path.read_text(encoding="utf-8")
        for name in ICON_PLACE.findall(text) + ICON_LINK.findall(text):
            found.setdefault(name, path)
    return found


def icon_names():
    """The names to draw: those named for certain, and in Python every string that is one.

    State("draft", _("草稿"), "pencil") does not say icon=; a few unused icons cost less than a
    missing one.
    """
    existing = {path.stem for path in ICONS.iterdir()}
    names = set(named_icons())
    for path in modules():
        names.update(STRING.findall(path.read_text(encoding="utf-8")))
    return sorted(names & existing)


def symbol(name):
    svg = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)[1]
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-linecap="round" stroke-linejoin="round">{one_path(drawing)}</symbol>'
    )


def one_path(drawing):
    """The same strokes as one path, without the frame that draws nothing: a phone reads all icons
    before the first tap, and three elements of four are not needed.
    """
    shapes = [shape for shape in SHAPE.findall(drawing) if shape != FRAME]
    lines = [re.fullmatch(r'<path d="(M[^"]*)" */>', shape) for shape in shapes]
    if not all(lines):
        return "".join(shapes)
    return f'<path d="{"".join(line[1] for line in lines)}"/>'


def without_source_map(text):
    """A reference to a map that is not there breaks manifest storage."""
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+( ?\*/)?", "", text)


def stylesheet(environment=None):
    """Tabler's rules that the product uses and ours, as one: a phone asks for it once."""
    ours = [ROOT / "static" / "css" / f"{name}.css" for name in STYLES]
    files = {"purged": [str(TABLER)], "whole": [str(path) for path in ours]}
    return styles(files, USERS, KEPT, environment)


def entry_stylesheet(environment=None):
    """Of the one stylesheet, which has to be there, what the entry page uses."""
    named = [name for parts in SCRIPTS.values() for name in (*parts, "js/scripted")]
    scripts = [f"static/{name}.js" for name in named if name.startswith("js/")]
    pages = [f"templates/{name}" for name in entry_templates()]
    users = [*pages, *scripts, *map(str, entry_marks())]
    return styles({"narrowed": str(STYLESHEET)}, users, ENTRY_KEPT, environment)


def entry_marks():
    """The modules that write into the entry page."""
    return [path for place in ENTRY_MARKS for path in sorted(ROOT.glob(place))]


def entry_templates():
    """What the entry page is made of: all that is extended, included, or drawn by a mark."""
    found = list(ENTRY)
    for path in entry_marks():
        names = NAMED.findall(path.read_text(encoding="utf-8"))
        found += [name for name in names if (ROOT / "templates" / name).exists()]
    for each in found:
        text = (ROOT / "templates" / each).read_text(encoding="utf-8")
        found += [other for other in dict.fromkeys(REACHES.findall(text)) if other not in found]
    return found


def styles(files, content, kept, environment):
    """What styles.mjs makes of stylesheets for what the content uses."""
    return by_node("styles", files | {"content": [*content], "kept": [*kept]}, environment)


def by_node(script, job, environment):
    """What a script of bin/ writes, told its job."""
    job = json.dumps(job)
    made = subprocess.run(
        ["node", f"bin/{script}.mjs"],
        cwd=ROOT, env=environment, input=job, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return made.stdout


def together(names, environment=None):
    """What scripts.mjs makes of scripts: one small file."""
    return by_node("scripts", [str(ROOT / "static" / f"{name}.js") for name in names], environment)


def sources():
    """What the made files depend on."""
    yield ROOT / "package-lock.json"
    yield from (ROOT / "bin" / name for name in ("assets.py", "styles.mjs", "scripts.mjs"))
    yield from (ROOT / "bin" / "app_icons.py", ROOT / "static" / "img" / "app.svg")
    yield from sorted([*pages(), *modules(), *(ROOT / "static" / "css").glob("*.css")])


def complete():
    names = (*FILES.values(), *SCRIPTS, *PICTURES)
    made = [SPRITE, STYLESHEET, ENTRY_STYLESHEET, *(VENDOR / name for name in names)]
    return all(path.exists() for path in made)


def build(names, environment=None):
    """Everything in static/vendor/; `environment` is one whose PATH has Node.js."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, target in FILES.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        replace(VENDOR / target, without_source_map(text))
    for target, parts in SCRIPTS.items():
        replace(VENDOR / target, together(parts, environment))
    drawings = "\n".join(symbol(name) for name in names)
    subprocess.run([PYTHON, ROOT / "bin" / "app_icons.py", VENDOR], check=True)
    replace(STYLESHEET, without_source_map(stylesheet(environment)))
    replace(ENTRY_STYLESHEET, entry_stylesheet(environment))
    replace(SPRITE, f'<svg xmlns="http://www.w3.org/2000/svg">\n{drawings}\n</svg>\n')


def replace(path, text):
    """A server that runs meanwhile never sees half a file."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
