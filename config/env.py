"""Typed readers of the environment that refuse values they do not understand."""

import base64
import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

HERE = {"localhost", "127.0.0.1", "::1"}
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def secret(name: str) -> str:
    """From NAME or, so that no list of processes shows it, from the file in NAME_FILE."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    if text(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: which one counts?")
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE can't be read: {error.strerror}") from None


def boolean(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1/0, true/false, yes/no; got {value!r}")


def integer(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number; got {value!r}") from None


def words(name: str, default: list[str]) -> list[str]:
    value = os.environ.get(name, "").strip()
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


def choice(name: str, allowed: list[str]) -> str:
    """One of these words; the first one where nothing is said."""
    value = text(name) or allowed[0]
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}; got {value!r}")
    return value


def address(name: str) -> str:
    """An https address; http only on this machine, where nobody listens in between."""
    value = text(name)
    parts = urlsplit(value)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    if value and not (safe and parts.hostname):
        raise ImproperlyConfigured(f"{name} must be an https address; got {value!r}")
    return value


def server(name: str) -> str:
    """Where a service of one's own is: http or https, without anything that would be a secret."""
    value = text(name).rstrip("/")
    parts = urlsplit(value)
    if value and not (parts.scheme in ("http", "https") and parts.hostname and not parts.username):
        raise ImproperlyConfigured(f"{name} must be an http or https address")
    return value


def dsn(name: str) -> str:
    """Where errors are told of (`https://key@host/project`), from NAME or its file."""
    value = secret(name)
    parts = urlsplit(value)
    whole = parts.scheme in ("http", "https") and parts.username and parts.hostname
    if value and not (whole and parts.path.rpartition("/")[2].isdigit()):
        # the key itself stays out of every log
        raise ImproperlyConfigured(f"{name} must be an address such as https://key@host/1")
    return value


def generated_key(folder: Path) -> str:
    """The embedded installation's own secret: made once, readable by its owner only."""
    path = folder / "secret_key"
    if not path.exists():
        draft = folder / f".secret_key.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            # link() never overwrites: of two processes that start together, one key wins
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def keys(name: str) -> list[str]:
    """Fernet keys, the newest first: from NAME, or one a line from the file in NAME_FILE."""
    found = secret(name).replace(",", " ").split()
    for number, key in enumerate(found, 1):
        if not is_key(key):
            # the key itself stays out of every log
            raise ImproperlyConfigured(f"{name}: key {number} is not 32 bytes in URL-safe base64")
    return found


def is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, altchars=b"-_", validate=True)) == 32
    except ValueError:
        return False


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Addresses or networks such as 10.1.0.0/16, separated by commas."""
    try:
        return [ip_network(word) for word in words(name, [])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from None
