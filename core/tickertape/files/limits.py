"""How much of the files that come with a question is read. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What one question may bring. What is beyond is left out, and said."""

    files: int = 10
    """Files of one question: as many as a Discord message can have."""
    file_bytes: int = 20 * MIB
    """Bytes of one file. One that is announced as larger is not downloaded."""
    characters: int = 100_000
    """Characters of text from all files together, about 30,000 tokens of English."""
    images: int = 5
    """Images of one question."""
    image_bytes: int = 5 * MIB * 3 // 4
    """Bytes of one image. Encoded in base64 it then has at most the 5 MiB that Anthropic's API takes, the lowest limit of
    the large vendors; five of them stay below its 32 MB for a request."""
    image_side: int = 8000
    """Pixels of an image's longer side: larger ones are rejected by Anthropic's API (its guide to vision)."""
    pdf_pages: int = 100
    """Pages of one PDF that are read."""
    pdf_seconds: float = 15.0
    """Seconds for the text of one PDF: pages that are not reached by then are left out."""
    pdf_memory: int = 512 * MIB
    """Bytes of memory (address space) for the text of one PDF."""
    downloads: int = 3
    """Files of one question that are fetched and held in memory at the same time."""
    seconds: float = 60.0
    """Seconds for all files of one question together; files that are not ready by then are left out."""
