"""Makes the secrets of a new installation, each in a file of its own; leaves those that are there.

    sudo python3 deploy/make_secrets.py [FOLDER] [--database-host NAME] [--owner NUMBER]

Needs nothing but Python; as root it gives them to the user who reads them in the containers.
Keep a copy of the folder away from the backups: without it they can't be opened, and nothing that
was sealed can be verified.
"""

import argparse
import base64
import os
import pwd
import secrets
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEYS = "evidence_keys", "channel_keys", "backup_keys"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE / "secrets")
    parser.add_argument("--database-host", default="postgresql")
    parser.add_argument("--owner", type=int, default=10001, help="deploy/Dockerfile's user")
    options = parser.parse_args()
    options.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    password = made(options.folder / "database_password", secrets.token_urlsafe(32))
    made(options.folder / "secret_key", secrets.token_urlsafe(64))
    made(options.folder / "email_password", "")
    made(options.folder / "metrics_token", secrets.token_urlsafe(32))
    made(options.folder / "error_dsn", "")
    made(options.folder / "traces_headers", "")
    made(options.folder / "oidc_client_secret", "")
    made(options.folder / "files_secret", "")
    made(options.folder / "files_key_id", "")
    made(options.folder / "replica_url", "")
    url = f"postgres://pinzhi:{password}@{options.database_host}/pinzhi"
    made(options.folder / "database_url", url)
    for name in KEYS:
        made(options.folder / name, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    if os.geteuid() == 0:
        for path in options.folder.iterdir():
            os.chown(path, options.owner, group_of(options.owner))


def group_of(owner: int) -> int:
    """The user's own group; of a user whom only the image knows, the one with the same number."""
    try:
        return pwd.getpwuid(owner).pw_gid
    except KeyError:
        return owner


def made(path: Path, text: str) -> str:
    """What is in the file, which from now on is there; readable by its owner and group."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
    print(path.name)
    return text


if __name__ == "__main__":
    main()
