"""What axe-core holds against pages, told once for all that stands in many of them.

The walk opens hundreds of pages that are made of the same parts: the frame, forms, rows. A part is
what axe sees of an element and all in it, and of what it stands in: names, attributes and whether
something is said, without what differs from one project to the next. Parts that were looked at
before are left out, and so are pages in which all parts were; whatever is new is looked at in its
place on the page. Nothing else is shared: another width is another part.
"""

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe

SERIOUS = {"serious", "critical"}
# Only of what is wrong does axe-core then say where it is, which takes it long.
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
# In the order of the document: of each element its part, its frame, where its inside ends, and the
# place of its words. What refers to others is known by whether they are there and say something.
# A frame is a plain box: with its own attributes and way known, only what is in it can be wrong.
# The contrast of words follows from where they stand: from their style and all that is behind.
PARTS = r"""
() => {
  const nothing = ["href", "src", "srcset", "value", "content", "action", "d", "points",
    "transform"];
  const told = ["aria-label", "title", "alt", "placeholder", "aria-description"];
  const references = ["for", "list", "form", "aria-labelledby", "aria-describedby",
    "aria-controls", "aria-owns", "aria-activedescendant", "aria-details",
    "aria-errormessage", "headers"];
  const plain = ["HTML", "BODY", "MAIN", "DIV", "SECTION", "ARTICLE", "ASIDE", "HEADER",
    "FOOTER", "FORM", "UL", "OL"];
  const hash = (text) => {
    let one = 0xdeadbeef, two = 0x41c6ce57;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 2654435761);
      two = Math.imul(two ^ code, 1597334677);
    }
    one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
    two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
    return (4294967296 * (2097151 & two) + (one >>> 0)).toString(36);
  };
  const kept = (text) => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, "0");
  const speaks = (text) => text.trim() ? "says" : "";
  const there = (id) => {
    const found = document.getElementById(id);
    return found ? `${found.tagName} ${speaks(found.textContent)}` : "nowhere";
  };
  const value = ({name, value}) =>
    told.includes(name) ? speaks(value)
    : references.includes(name) ? value.split(/\s+/).map(there).join()
    : kept(value);
  const scrolls = (element, style) => /auto|scroll/.test(style.overflow)
    && (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight);
  const says = (element) =>
    [...element.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
  const own = (element, style) => {
    const attributes = [...element.attributes].filter((each) => !nothing.includes(each.name))
      .map((each) => `${each.name}=${value(each)}`).sort();
    const labels = [...(element.labels || [])].map((each) => speaks(each.textContent));
    return [element.tagName, ...attributes, says(element), scrolls(element, style), "labels",
      ...labels].join(" ");
  };
  const behind = (element, style) => [element.tagName, element.getAttribute("class"),
    element.disabled, style.backgroundColor, style.backgroundImage, style.opacity,
    style.position].join(" ");
  const before = (element, style) => [element.type, element.checkVisibility(), style.color,
    style.fontSize, style.fontWeight, style.textShadow].join(" ");
  const found = [];
  const visit = (element, way, wall) => {
    const style = getComputedStyle(element);
    const mine = own(element, style), here = hash(`${way}>${mine}`);
    const backed = hash(`${wall}>${behind(element, style)}`), line = ["", "", 0, "-"];
    found.push(line);
    if (says(element) || element.matches("input, select, textarea"))
      line[3] = hash(`${backed} ${before(element, style)}`);
    const inside = [...element.children].map((each) => visit(each, here, backed));
    const build = hash(`${mine}(${inside.join()})`);
    const isPlain = plain.includes(element.tagName)
      && ![...element.attributes].some(({name}) => /^(role|aria-|tabindex)/.test(name));
    line[0] = hash(`${here} ${build}`);
    line[1] = isPlain ? here : "-";
    line[2] = found.length;
    return build;
  };
  visit(document.documentElement, "", "");
  return found.map((line) => line.join(" ")).join("\n");
}
"""
MARK = """
([known, measured]) => {
  axe.configure({rules: [{id: "color-contrast", selector: "*:not([data-measured])"}]});
  const all = document.querySelectorAll("*");
  for (const place of known) all[place].setAttribute("data-looked-at", "");
  for (const place of measured) all[place].setAttribute("data-measured", "");
}
"""
RUN = """
(options) => axe.run({include: [["html"]], exclude: [["[data-looked-at]"]]}, options)
  .then((found) => found.violations)
"""


def barriers(page) -> list[str]:
    """All of them on the page as it is, without what axe-core finds minor."""
    return told(Axe().run(page, options=ONLY_VIOLATIONS).response["violations"])


def told(violations: list[dict]) -> list[str]:
    return [
        f"{each['id']} at {each['nodes'][0]['target']}: {each['nodes'][0]['html'][:120]}"
        for each in violations
        if each["impact"] in SERIOUS
    ]


class Looked:
    """Remembers what was looked at, page after page."""

    def __init__(self):
        self.parts = set()  # with the width they were looked at
        self.frames = set()
        self.places = set()  # of words whose contrast was measured

    def barriers(self, page) -> list[str]:
        """Those in what is new on this page at its width."""
        width = page.viewport_size["width"]
        lines = [line.split(" ") for line in page.evaluate(PARTS).split("\n")]
        known, is_new = self.known(width, lines)
        if not is_new:
            return []
        page.evaluate(AXE_SCRIPT)
        page.evaluate(MARK, [known, self.measured(width, lines, known)])
        return told(page.evaluate(RUN, ONLY_VIOLATIONS))

    def known(self, width: int, lines: list[list[str]]) -> tuple[list[int], bool]:
        """Which elements were looked at with all in them; and whether anything else is new."""
        known, is_new, number = [], False, 0
        while number < len(lines):
            part, frame, end, _ = lines[number]
            if (width, part) in self.parts:
                known.append(number)
                number = int(end)
                continue
            is_new |= (width, frame) not in self.frames
            self.parts.add((width, part))
            if frame != "-":
                self.frames.add((width, frame))
            number += 1
        return known, is_new

    def measured(self, width: int, lines: list[list[str]], known: list[int]) -> list[int]:
        """Which words outside known elements stand where contrast was measured: axe's longest."""
        within = {inner for number in known for inner in range(number, int(lines[number][2]))}
        measured = []
        for number, (*_, place) in enumerate(lines):
            if number in within or place == "-":
                continue
            if (width, place) in self.places:
                measured.append(number)
            self.places.add((width, place))
        return measured
