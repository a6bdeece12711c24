"""What deploy/ says, read as its tools read it."""

import re
from collections.abc import Mapping

import yaml

from tests.server import ROOT

DEPLOY = ROOT / "deploy"
NGINX = DEPLOY / "nginx"
ASKED = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def filled(value, given: Mapping[str, str]):
    """`${NAME}`, `${NAME:-default}` and `${NAME:?why it is needed}`, in texts however deep."""
    if isinstance(value, dict):
        return {key: filled(each, given) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, given) for each in value]
    return ASKED.sub(lambda found: answer(found, given), value) if isinstance(value, str) else value


def answer(found: re.Match, given: Mapping[str, str]) -> str:
    name, kind, rest = found.groups()
    if not given.get(name) and kind == "?":
        raise KeyError(f"{name}: {rest}")
    return given.get(name) or (rest if kind == "-" else "")


def as_envsubst(text: str, given: Mapping[str, str]) -> str:
    """Only these names, as nginx has variables of its own."""
    return re.sub(r"\$\{(\w+)\}", lambda found: given.get(found[1], found[0]), text)


def env_file(path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}


def unit(name: str) -> dict[str, str]:
    """The settings of a systemd unit; of those that are there twice, the last."""
    lines = (DEPLOY / "systemd" / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
