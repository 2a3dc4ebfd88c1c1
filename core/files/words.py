"""The lines in chat about files that are left out. Pure."""

from __future__ import annotations

from core.files.problems import PARTIAL, LeftOut, Problem

_SENTENCES: dict[Problem, str] = {
    Problem.TOO_MANY_FILES: "I read at most {figure} files at a time.",
    Problem.TOO_BIG: "it is larger than {size}.",
    Problem.HOST_NOT_ALLOWED: "it is not on this platform's own file servers.",
    Problem.MAY_NOT_READ: "I am not allowed to read it.",
    Problem.GONE: "it is no longer there.",
    Problem.TOO_SLOW: "it took too long to read.",
    Problem.DOWNLOAD_FAILED: "it could not be downloaded. Please try again.",
    Problem.UNKNOWN_KIND: "I can read images (PNG, JPEG, GIF, WebP), text and PDFs only.",
    Problem.EMPTY: "it is empty.",
    Problem.TEXT_CUT: "only its first {figure} characters.",
    Problem.NO_ROOM: "I read at most {figure} characters of text at a time.",
    Problem.NO_VISION: "this model cannot see images.",
    Problem.TOO_MANY_IMAGES: "I look at no more than {figure} images at a time.",
    Problem.IMAGE_TOO_BIG: "an image may have at most {size}.",
    Problem.IMAGE_TOO_LARGE: "an image may be at most {figure} pixels wide or high.",
    Problem.IMAGE_DAMAGED: "the image is damaged or incomplete.",
    Problem.IMAGE_ANIMATED: "I cannot look at moving images.",
    Problem.PDF_ENCRYPTED: "the PDF is encrypted.",
    Problem.PDF_DAMAGED: "the PDF is damaged.",
    Problem.PDF_WITHOUT_TEXT: "there is no text in this PDF. If it is a scan, send its pages as images.",
    Problem.PDF_TOO_HARD: "this PDF takes too much time or memory to read.",
    Problem.PAGES_CUT: "only the first {figure} of its {of} pages.",
    Problem.PAGES_DAMAGED: "{figure} of its {of} pages cannot be read.",
}


def line(left_out: LeftOut) -> str:
    """Return the line that says what of a file is left out, and why.

    It holds the file's name, so it must not be sent without what the platform does against mentions.
    """
    beginning = "Read in part" if left_out.problem in PARTIAL else "Left out"
    return f"{beginning}: {left_out.file} – {_sentence(left_out)}"


def _sentence(left_out: LeftOut) -> str:
    figure = left_out.figure
    return _SENTENCES[left_out.problem].format(
        figure=f"{figure:,}", of=f"{left_out.of:,}", size=_size(figure)
    )


def _size(number: int) -> str:
    """Return a number of bytes as people read it, never more than it is."""
    for unit, name in ((1_000_000, "MB"), (1000, "kB")):
        if number >= unit:
            return f"{int(number / unit * 10) / 10:g} {name}"
    return f"{number} bytes"
