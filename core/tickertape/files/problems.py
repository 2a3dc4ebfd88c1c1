"""Why a file, or a part of it, does not reach the model.

Errors, all with a `problem` for the chat and a `detail` for the operator's log:

    FileError
    ├── DownloadError
    │   ├── HostNotAllowed   the address is none of the platform's own file hosts
    │   ├── MayNotRead       401, 403, a redirect away, or a page (Slack's login page) instead of the file
    │   ├── FileGone         404, 410
    │   ├── FileTooBig       more bytes than may be read, announced or sent
    │   ├── TooSlow          the download took too long
    │   └── DownloadFailed   anything else: no connection, a broken one, another status
    └── UnreadableFile
        ├── UnknownKind      neither an image, nor text, nor a PDF
        ├── EmptyFile        nothing in it
        ├── ImageDamaged     an image that ends too early, or makes no sense
        ├── ImageAnimated    a moving image, which vendors do not take
        ├── PdfEncrypted     a PDF that needs a password, or is encrypted in a way that cannot be read here
        ├── PdfDamaged       a PDF of which nothing can be read
        ├── PdfWithoutText   a PDF without any text: scanned pages
        └── PdfTooHard       a PDF that takes too much time or memory
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar


class Problem(enum.Enum):
    """What is said about a file in chat; `tickertape.files.words` has the sentences."""

    TOO_MANY_FILES = "too many files"
    TOO_BIG = "too big"
    HOST_NOT_ALLOWED = "host not allowed"
    MAY_NOT_READ = "may not read"
    GONE = "gone"
    TOO_SLOW = "too slow"
    DOWNLOAD_FAILED = "download failed"
    UNKNOWN_KIND = "unknown kind"
    EMPTY = "empty"
    TEXT_CUT = "text cut"
    """Only the first `figure` characters are read."""
    NO_ROOM = "no room"
    """The files before it have used up all `figure` characters."""
    NO_VISION = "no vision"
    TOO_MANY_IMAGES = "too many images"
    IMAGE_TOO_BIG = "image too big"
    IMAGE_TOO_LARGE = "image too large"
    IMAGE_DAMAGED = "image damaged"
    IMAGE_ANIMATED = "image animated"
    PDF_ENCRYPTED = "pdf encrypted"
    PDF_DAMAGED = "pdf damaged"
    PDF_WITHOUT_TEXT = "pdf without text"
    PDF_TOO_HARD = "pdf too hard"
    PAGES_CUT = "pages cut"
    """Only the first `figure` pages of `of` are read."""
    PAGES_DAMAGED = "pages damaged"
    """`figure` of the `of` pages that were tried cannot be read."""


PARTIAL = frozenset({Problem.TEXT_CUT, Problem.PAGES_CUT, Problem.PAGES_DAMAGED})
"""Problems of a file that is read all the same, in part."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is left out, wholly or in part. What the figures count, or the limit that they give, is the problem's."""

    file: str
    problem: Problem
    figure: int = 0
    of: int = 0


class FileError(Exception):
    """A file cannot be read. `detail` goes to the operator's log, `figure` into the sentence for the chat."""

    problem: ClassVar[Problem]

    def __init__(self, detail: str, figure: int = 0) -> None:
        super().__init__(detail)
        self.detail = detail
        self.figure = figure


class DownloadError(FileError):
    """The file's bytes cannot be had."""


class HostNotAllowed(DownloadError):
    """The address is none of the platform's own file hosts."""

    problem = Problem.HOST_NOT_ALLOWED


class MayNotRead(DownloadError):
    """The platform does not let this bot read the file."""

    problem = Problem.MAY_NOT_READ


class FileGone(DownloadError):
    """The file is no longer there."""

    problem = Problem.GONE


class FileTooBig(DownloadError):
    """The file has more bytes than `figure`."""

    problem = Problem.TOO_BIG


class TooSlow(DownloadError):
    """The download took too long."""

    problem = Problem.TOO_SLOW


class DownloadFailed(DownloadError):
    """There is no connection, it broke, or the server failed."""

    problem = Problem.DOWNLOAD_FAILED


class UnreadableFile(FileError):
    """The file's bytes are here, and no use."""


class UnknownKind(UnreadableFile):
    """Neither an image, nor text, nor a PDF."""

    problem = Problem.UNKNOWN_KIND


class EmptyFile(UnreadableFile):
    """Nothing is in it, or white space only."""

    problem = Problem.EMPTY


class ImageDamaged(UnreadableFile):
    """An image that ends too early, or makes no sense."""

    problem = Problem.IMAGE_DAMAGED


class ImageAnimated(UnreadableFile):
    """A moving image."""

    problem = Problem.IMAGE_ANIMATED


class PdfEncrypted(UnreadableFile):
    """A PDF that needs a password, or is encrypted in a way that cannot be read here."""

    problem = Problem.PDF_ENCRYPTED


class PdfDamaged(UnreadableFile):
    """A PDF of which nothing can be read."""

    problem = Problem.PDF_DAMAGED


class PdfWithoutText(UnreadableFile):
    """A PDF without any text."""

    problem = Problem.PDF_WITHOUT_TEXT


class PdfTooHard(UnreadableFile):
    """A PDF that takes too much time or memory."""

    problem = Problem.PDF_TOO_HARD
