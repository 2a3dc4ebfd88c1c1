"""What Slack says of a file by its name: MIME type, `filetype` and `mode`. Pure.

The names of types are those of Slack's list in the reference of file objects. That text comes as a `snippet` is
user-reported [I].
"""

from __future__ import annotations

_TYPES = {
    "csv": ("text/csv", "csv"),
    "gif": ("image/gif", "gif"),
    "html": ("text/html", "html"),
    "jpeg": ("image/jpeg", "jpg"),
    "jpg": ("image/jpeg", "jpg"),
    "json": ("application/json", "json"),
    "md": ("text/markdown", "markdown"),
    "mp4": ("video/mp4", "mp4"),
    "pdf": ("application/pdf", "pdf"),
    "png": ("image/png", "png"),
    "py": ("text/x-python", "python"),
    "txt": ("text/plain", "text"),
    "webp": ("image/webp", "webp"),
    "zip": ("application/zip", "zip"),
}
_UNKNOWN = ("application/octet-stream", "binary")


def mimetype_of(name: str) -> str:
    """Return the MIME type of a file of this name."""
    return _of(name)[0]


def filetype_of(name: str) -> str:
    """Return Slack's own word for the type, e.g. `text`."""
    return _of(name)[1]


def mode_of(mimetype: str) -> str:
    """Return `snippet` for text, else `hosted`."""
    return "snippet" if mimetype.startswith("text/") else "hosted"


def _of(name: str) -> tuple[str, str]:
    return _TYPES.get(name.rpartition(".")[2].lower(), _UNKNOWN)
