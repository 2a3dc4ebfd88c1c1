"""PDFs, read by the real child process: sound ones, broken ones, and those made to hang or to fill the memory."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from tests.files.samples import (
    ZIP,
    aes_pdf,
    content,
    deflated,
    encrypted_pdf,
    pdf,
    pdf_of_streams,
    png,
    stream,
)
from tickertape.files.limits import MIB, FileLimits
from tickertape.files.pdf import PdfExtractor, PdfText, _Run, is_pdf
from tickertape.files.problems import PdfDamaged, PdfEncrypted, PdfTooHard, PdfWithoutText, UnreadableFile

LIMITS = FileLimits()
ENDLESS = content("no end\n" * 2_000_000)
"""A content stream of which every line is cheap, and all of them together are not."""


async def read(data: bytes, limits: FileLimits = LIMITS, grace: float = 5.0) -> PdfText:
    return await PdfExtractor(limits, grace=grace).read(data)


async def test_one_page() -> None:
    assert await read(pdf("Hello (world) \\ again\nsecond line")) == PdfText(
        "Hello (world) \\ again\nsecond line", read=1, total=1, unreadable=0
    )


async def test_forty_pages_are_read_whole() -> None:
    pages = [f"Page {number} of the report" for number in range(1, 41)]
    text = await read(pdf(*pages))
    assert (text.read, text.total, text.unreadable) == (40, 40, 0)
    assert text.text == "\n\n".join(f"[page {number}]\n{page}" for number, page in enumerate(pages, start=1))


async def test_pages_beyond_the_limit_are_left_away() -> None:
    text = await read(pdf(*("words",) * 7), replace(LIMITS, pdf_pages=3))
    assert (text.read, text.total) == (3, 7)
    assert "[page 3]" in text.text
    assert "[page 4]" not in text.text


async def test_pages_beyond_the_limit_of_characters_are_not_begun() -> None:
    text = await read(pdf(*("ten words " * 10,) * 7), replace(LIMITS, characters=250))
    assert (text.read, text.total) == (3, 7)


async def test_no_page_gives_more_than_the_limit_of_characters() -> None:
    text = await read(pdf("x" * 900), replace(LIMITS, characters=100))
    assert text.text == "x" * 100


async def test_time_that_runs_out_between_pages_leaves_what_was_read() -> None:
    slow = deflated(content("word\n" * 20_000))
    text = await read(
        pdf_of_streams([stream(content("quick"))] + [slow] * 50), replace(LIMITS, pdf_seconds=0.5)
    )
    assert 1 <= text.read < text.total == 51
    assert "quick" in text.text


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"%PDF-1.7\n", PdfDamaged),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, PdfDamaged),
        (pdf("text")[:200], PdfDamaged),
        (encrypted_pdf("hidden"), PdfEncrypted),
        (aes_pdf(), PdfEncrypted),
        (pdf("", "", ""), PdfWithoutText),
        (pdf_of_streams([]), PdfWithoutText),
        (pdf_of_streams([stream(png(), "/Filter /LZWDecode")]), PdfDamaged),
    ],
)
async def test_what_cannot_be_read(data: bytes, problem: type[UnreadableFile]) -> None:
    with pytest.raises(problem) as raised:
        await read(data)
    assert raised.value.detail


async def test_a_pdf_that_may_only_not_be_changed_is_read() -> None:
    assert (await read(encrypted_pdf("", "for all to read"))).text == "for all to read"


async def test_a_pdf_with_a_wrong_table_of_contents_is_read() -> None:
    before, _, _ = pdf("words").rpartition(b"startxref")
    assert (await read(before + b"startxref\n77\n%%EOF\n")).text == "words"


async def test_one_broken_page_spares_the_others() -> None:
    broken = stream(b"this is not compressed", "/Filter /LZWDecode")
    text = await read(pdf_of_streams([stream(content("sound")), broken, stream(content("as well"))]))
    assert text == PdfText("[page 1]\nsound\n\n[page 3]\nas well", read=3, total=3, unreadable=1)


async def test_a_stream_that_unfolds_to_more_than_pypdf_takes() -> None:
    with pytest.raises(UnreadableFile):
        await read(pdf_of_streams([deflated(b" " * 200 * MIB)]))


async def test_a_stream_that_fills_the_memory() -> None:
    bomb = pdf_of_streams([deflated(b"BT /F1 12 Tf (" + b"x" * 60 * MIB + b") Tj ET")])
    assert len(bomb) < MIB // 4
    with pytest.raises(PdfTooHard):
        await read(bomb, replace(LIMITS, pdf_memory=160 * MIB))


@pytest.mark.parametrize("grace", [0.5, 60.0])
async def test_a_page_without_end_is_given_up(grace: float) -> None:
    """The first is ended from outside; the second has used its processor time long before."""
    endless = pdf_of_streams([deflated(ENDLESS)])
    seconds = 0.5 if grace < 1 else -59.0
    with pytest.raises(PdfTooHard):
        await read(endless, replace(LIMITS, pdf_seconds=seconds), grace=grace)


async def test_a_process_that_cannot_even_start_is_no_crash() -> None:
    with pytest.raises(UnreadableFile):
        await read(pdf("text"), replace(LIMITS, pdf_memory=MIB))


@pytest.mark.real_time  # the virtual clock stands still while the process works
async def test_cancelling_ends_the_process_and_frees_its_place() -> None:
    extractor = PdfExtractor(replace(LIMITS, pdf_seconds=50.0), at_once=1)
    endless = pdf_of_streams([deflated(ENDLESS)])
    tasks = [asyncio.create_task(extractor.read(endless)) for _ in range(3)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    assert (await extractor.read(pdf("next"))).text == "next"
    assert all(task.cancelled() for task in tasks)


def test_a_run_that_is_stopped_before_it_begins_ends_at_once() -> None:
    run = _Run(replace(LIMITS, pdf_seconds=50.0), 5.0)
    run.stop()
    with pytest.raises(PdfTooHard):
        run(pdf_of_streams([deflated(ENDLESS)]))


def test_a_run_is_stopped_from_another_thread() -> None:
    run = _Run(replace(LIMITS, pdf_seconds=50.0), 5.0)
    ended = threading.Event()

    def call() -> None:
        with pytest.raises(PdfTooHard):
            run(pdf_of_streams([deflated(ENDLESS)]))
        ended.set()

    thread = threading.Thread(target=call)
    thread.start()
    while run._process is None:
        threading.Event().wait(0.01)
    run.stop()
    thread.join()
    assert ended.is_set()


async def test_the_process_knows_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment, and a PYTHONPATH that would load other code, reach nobody."""
    monkeypatch.setenv("PYTHONPATH", "/nonexistent")
    monkeypatch.setenv("PYTHONSTARTUP", "/nonexistent")
    monkeypatch.setenv("PYTHONHOME", "/nonexistent")
    assert (await read(pdf("text"))).text == "text"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (pdf("text"), True),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", True),
        (b'"""%PDF-1.4 in source code', False),
        (b" " * 2000 + b"%PDF-1.4", False),
        (ZIP, False),
        (b"", False),
    ],
)
def test_is_pdf(data: bytes, *, expected: bool) -> None:
    assert is_pdf(data) is expected
