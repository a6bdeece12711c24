"""An installation's database and files in one encrypted file, and back from it."""


class CannotBackUp(Exception):
    """Why there is no backup, or nothing came back from it, in words for who asked."""
