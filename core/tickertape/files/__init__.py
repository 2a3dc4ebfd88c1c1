"""Files that people send with a question: fetched, recognised by their bytes, and made into what a model can read.

    reader = FileReader(download)                          # one per platform
    reading = await reader.read(attachments, vision=True)  # never fails because of a file
    turn = reading.turn("What is wrong in this log?")
    lines = [words.line(left_out) for left_out in reading.left_out]

Images go to models that can see; text, source code and PDFs become text. Everything else, and what is beyond the limits, is
left out, with one line for the chat.
"""

from __future__ import annotations

from tickertape.files.attachment import Attachment, Download
from tickertape.files.limits import FileLimits
from tickertape.files.problems import LeftOut, Problem
from tickertape.files.reader import FileReader
from tickertape.files.reading import Reading

__all__ = ["Attachment", "Download", "FileLimits", "FileReader", "LeftOut", "Problem", "Reading"]
