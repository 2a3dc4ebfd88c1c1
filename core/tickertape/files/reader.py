"""Reads the files of a question: fetches them, a few at a time, and finds out by their bytes what they are.

`Download` is the seam through which the bytes come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from tickertape.files.attachment import Attachment
from tickertape.files.images import recognise
from tickertape.files.limits import FileLimits
from tickertape.files.pdf import PdfExtractor, PdfText, is_pdf
from tickertape.files.problems import FileError, FileTooBig, LeftOut, Problem
from tickertape.files.reading import Extract, FileImage, FileText, Reading, assemble
from tickertape.files.text import decode
from tickertape.prompts.turns import Image

_log = structlog.get_logger(__name__)


class Download(Protocol):
    """How the files of one platform are fetched: from which hosts, and with which token."""

    async def fetch(self, attachment: Attachment, most: int) -> bytes:
        """Return the file's bytes, of which there may be `most`.

        Raises a `tickertape.files.problems.DownloadError`, and nothing else. Cancelling closes the connection.
        """
        ...


class FileReader:
    """Reads the files of one platform. Give several readers the same `pdfs`: it limits the processes at work."""

    def __init__(
        self, download: Download, limits: FileLimits | None = None, pdfs: PdfExtractor | None = None
    ) -> None:
        self._download = download
        self._limits = limits or FileLimits()
        self._pdfs = pdfs or PdfExtractor(self._limits)

    async def read(self, attachments: Sequence[Attachment], *, vision: bool) -> Reading:
        """Return what the files give a model, which sees images if `vision`; no file makes this fail.

        Takes `limits.seconds` at most. Cancelling it ends all downloads and the process that reads a PDF.
        """
        work = _Work(self._download, self._limits, self._pdfs)
        taken, rest = attachments[: self._limits.files], attachments[self._limits.files :]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work.extract(attachment)) for attachment in taken]
        extracts = [task.result() for task in tasks]
        extracts += [LeftOut(one.label, Problem.TOO_MANY_FILES, self._limits.files) for one in rest]
        return assemble(extracts, self._limits, vision=vision)


class _Work:
    """The reading of one question's files: they share its time, and its places for downloads."""

    def __init__(self, download: Download, limits: FileLimits, pdfs: PdfExtractor) -> None:
        self._download = download
        self._limits = limits
        self._pdfs = pdfs
        self._until = asyncio.get_running_loop().time() + limits.seconds
        self._places = asyncio.Semaphore(limits.downloads)
        self._pdf_turn = asyncio.Lock()
        """One PDF of a question after the other, so that nobody's ten PDFs keep everybody else's waiting."""

    async def extract(self, attachment: Attachment) -> Extract:
        """Return what becomes of one file."""
        label = attachment.label
        try:
            async with asyncio.timeout_at(self._until), self._places:
                return await self._convert(label, await self._fetch(attachment))
        except FileError as error:
            left_out, detail = LeftOut(label, error.problem, error.figure), error.detail
        except TimeoutError:
            left_out, detail = LeftOut(label, Problem.TOO_SLOW), f"not read after {self._limits.seconds:g} s"
        _log.info("file_left_out", file=label, problem=left_out.problem.value, detail=detail)
        return left_out

    async def _fetch(self, attachment: Attachment) -> bytes:
        most = self._limits.file_bytes
        if attachment.size is not None and attachment.size > most:
            raise FileTooBig(f"{attachment.size} bytes are announced", most)
        data = await self._download.fetch(attachment, most)
        if len(data) > most:
            raise FileTooBig(f"{len(data)} bytes came", most)
        return data

    async def _convert(self, label: str, data: bytes) -> Extract:
        picture = recognise(data)
        if picture is not None:
            return FileImage(Image(picture.media_type, data, label), max(picture.width, picture.height))
        if is_pdf(data):
            async with self._pdf_turn:
                return _pdf_text(label, await self._pdfs.read(data))
        text, more = decode(data, self._limits.characters)
        return FileText(label, text, more)


def _pdf_text(label: str, pdf: PdfText) -> FileText:
    notes: list[LeftOut] = []
    if pdf.read < pdf.total:
        notes.append(LeftOut(label, Problem.PAGES_CUT, pdf.read, pdf.total))
    if pdf.unreadable:
        notes.append(LeftOut(label, Problem.PAGES_DAMAGED, pdf.unreadable, pdf.total))
    return FileText(label, pdf.text, notes=tuple(notes))
