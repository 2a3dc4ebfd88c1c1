"""The lines in chat about files that are left out. Pure."""

from __future__ import annotations

from tickertape.files.problems import PARTIAL, LeftOut, Problem
from tickertape.languages import Sentence

_REASONS: dict[Problem, Sentence] = {
    Problem.HOST_NOT_ALLOWED: Sentence("file-host-not-allowed"),
    Problem.MAY_NOT_READ: Sentence("file-may-not-read"),
    Problem.GONE: Sentence("file-gone"),
    Problem.TOO_SLOW: Sentence("file-too-slow"),
    Problem.DOWNLOAD_FAILED: Sentence("file-download-failed"),
    Problem.UNKNOWN_KIND: Sentence("file-unknown-kind"),
    Problem.EMPTY: Sentence("file-empty"),
    Problem.NO_VISION: Sentence("file-no-vision"),
    Problem.IMAGE_DAMAGED: Sentence("file-image-damaged"),
    Problem.IMAGE_ANIMATED: Sentence("file-image-animated"),
    Problem.PDF_ENCRYPTED: Sentence("file-pdf-encrypted"),
    Problem.PDF_DAMAGED: Sentence("file-pdf-damaged"),
    Problem.PDF_WITHOUT_TEXT: Sentence("file-pdf-without-text"),
    Problem.PDF_TOO_HARD: Sentence("file-pdf-too-hard"),
}


def line(left_out: LeftOut) -> Sentence:
    """Return the line that says what of a file is left out, and why.

    It holds the file's name, so it must not be sent without what the platform does against mentions.
    """
    problem = left_out.problem
    why = _REASONS.get(problem) or _limits(left_out.figure, left_out.of)[problem]
    if problem in PARTIAL:
        return Sentence("file-read-in-part", {"file": left_out.file, "why": why})
    return Sentence("file-left-out", {"file": left_out.file, "why": why})


def _limits(figure: int, of: int) -> dict[Problem, Sentence]:
    """Return the reasons that name a figure."""
    size = _size(figure)
    return {
        Problem.TOO_MANY_FILES: Sentence("file-too-many-files", {"figure": figure}),
        Problem.TOO_BIG: Sentence("file-too-big", {"size": size}),
        Problem.TEXT_CUT: Sentence("file-text-cut", {"figure": figure}),
        Problem.NO_ROOM: Sentence("file-no-room", {"figure": figure}),
        Problem.TOO_MANY_IMAGES: Sentence("file-too-many-images", {"figure": figure}),
        Problem.IMAGE_TOO_BIG: Sentence("file-image-too-big", {"size": size}),
        Problem.IMAGE_TOO_LARGE: Sentence("file-image-too-large", {"figure": figure}),
        Problem.PAGES_CUT: Sentence("file-pages-cut", {"figure": figure, "of": of}),
        Problem.PAGES_DAMAGED: Sentence("file-pages-damaged", {"figure": figure, "of": of}),
    }


def _size(number: int) -> Sentence:
    """Return a number of bytes as people read it, never more than it is."""
    if number >= 1_000_000:
        return Sentence("size-megabytes", {"number": int(number / 100_000) / 10})
    if number >= 1000:
        return Sentence("size-kilobytes", {"number": int(number / 100) / 10})
    return Sentence("size-bytes", {"number": number})
