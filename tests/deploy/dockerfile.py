"""deploy/Dockerfile, read as an engine reads it: stages, instructions, what its context holds."""

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tests.deploy.recipe import DEPLOY
from tests.server import ROOT

FILE = DEPLOY / "Dockerfile"
IGNORED = DEPLOY / "Dockerfile.dockerignore"


@dataclass
class Stage:
    image: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        return [rest for each, rest in self.steps if each == word]

    def last(self, word: str) -> str:
        return self.all(word)[-1]


def stages() -> list[Stage]:
    text = re.sub(r"^\s*#.*\n", "", FILE.read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    found: list[Stage] = []
    for line in filter(None, (line.strip() for line in lines)):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            found.append(Stage(image, name.strip()))
        else:
            found[-1].steps.append((word, rest.strip()))
    return found


def commands(run: str) -> list[list[str]]:
    """What a RUN does, one after the other."""
    return [part.split() for part in run.split("&&")]


def listed(text: str) -> list[str]:
    """An instruction in its exact form, which no shell reads again."""
    said = json.loads(text)
    assert isinstance(said, list)
    return said


def left_out(path: str) -> bool:
    """Whether .dockerignore keeps a path, or a folder above it, out of the context."""
    places = [PurePosixPath(path), *PurePosixPath(path).parents]
    for pattern in IGNORED.read_text().split():
        everywhere = pattern.startswith("**/")
        pattern = pattern.removeprefix("**/")
        for place in places:
            if place.match(pattern) if everywhere else str(place) == pattern:
                return True
    return False


def context() -> list[str]:
    """The files of a fresh checkout that an engine would be sent."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for path in said.splitlines() if (ROOT / path).is_file() and not left_out(path)]
