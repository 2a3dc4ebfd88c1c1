"""Files that cannot be read, or not wholly: the answer comes all the same, and says in one line what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.everyday.conftest import Make
from tests.everyday.rig import Sent, told
from tests.files.samples import ZIP, deflated, encrypted_pdf, pdf, pdf_of_streams, png
from tests.support.scripted_model import model_of
from tests.support.services import Setup
from tickertape.files.limits import FileLimits
from tickertape.service import Everyday

MIB = 1024 * 1024
BOMB = pdf_of_streams([deflated(b"BT /F1 12 Tf (" + b"x" * 60 * MIB + b") Tj ET")])
FORTY_PAGES = pdf(*(f"This is page number {number}." for number in range(1, 41)))


@dataclass(frozen=True)
class Case:
    """A file, the limits, what is said, and what of it the model is told; `fetched` bytes are downloaded at most."""

    file: Sent
    said: str
    told: str = ""
    not_told: str = "This is page"
    limits: FileLimits = field(default_factory=FileLimits)


CASES = {
    "corrupt PDF": Case(
        Sent("broken.pdf", b"%PDF-1.7 nothing"), "Left out: broken.pdf – the PDF is damaged."
    ),
    "cut PDF": Case(Sent("cut.pdf", FORTY_PAGES[:300]), "Left out: cut.pdf – the PDF is damaged."),
    "encrypted PDF": Case(Sent("a.pdf", encrypted_pdf("x")), "Left out: a.pdf – the PDF is encrypted."),
    "corrupt image": Case(
        Sent("shot.png", png()[:30]), "Left out: shot.png – the image is damaged or incomplete."
    ),
    "image without vision": Case(
        Sent("shot.png", png()), "Left out: shot.png – this model cannot see images."
    ),
    "archive": Case(
        Sent("a.docx", ZIP),
        "Left out: a.docx – I can read images (PNG, JPEG, GIF, WebP), text and PDFs only.",
    ),
    "100 MB announced": Case(
        Sent("huge.txt", b"", announced=100_000_000), "Left out: huge.txt – it is larger than 20.9 MB."
    ),
    "100 MB that claim to be 12 bytes": Case(
        Sent("liar.txt", b"only 12 byte", surplus=100_000_000),
        "Left out: liar.txt – it is larger than 20.9 MB.",
        not_told="only 12 byte",
    ),
    "40 pages up to a limit of pages": Case(
        Sent("long.pdf", FORTY_PAGES),
        "Read in part: long.pdf – only the first 30 of its 40 pages.",
        told="This is page number 30.",
        not_told="This is page number 31.",
        limits=FileLimits(pdf_pages=30),
    ),
    "40 pages up to a limit of characters": Case(
        Sent("long.pdf", FORTY_PAGES),
        "Read in part: long.pdf – only its first",
        told="This is page number 8.",
        not_told="This is page number 12.",
        limits=FileLimits(characters=300),
    ),
    "PDF that fills the memory": Case(
        Sent("bomb.pdf", BOMB),
        "Left out: bomb.pdf – this PDF takes too much time or memory to read.",
        limits=FileLimits(pdf_memory=160 * MIB),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_a_file_that_cannot_be_read_costs_no_answer(case: Case, on_platform: Make) -> None:
    setup = Setup({"small": model_of("Because.")}, everyday=Everyday(files=case.limits))
    async with on_platform(setup) as rig:
        await rig.ask("What is it?", files=[case.file])
        await rig.quiet()
        (answer,) = rig.answers()
        assert answer.text.startswith("Because.")
        assert case.said in answer.text
        assert case.told in told(rig)[-1]
        assert case.not_told not in told(rig)[-1]
        assert told(rig)[-1].endswith("What is it?")
        rig.assert_clean()


async def test_all_of_a_pdf_with_40_pages_is_read(on_platform: Make) -> None:
    async with on_platform(Setup({"small": model_of("Because.")})) as rig:
        await rig.ask("What is it?", files=[Sent("long.pdf", FORTY_PAGES)])
        await rig.quiet()
        assert [answer.text for answer in rig.answers()] == ["Because."]
        assert all(f"This is page number {number}." in told(rig)[-1] for number in range(1, 41))


async def test_files_beyond_their_number_are_left_out(on_platform: Make) -> None:
    setup = Setup({"small": model_of("Because.")}, everyday=Everyday(files=FileLimits(files=2)))
    files = [Sent(f"{number}.txt", f"This is file {number}.".encode()) for number in range(3)]
    async with on_platform(setup) as rig:
        await rig.ask("What is it?", files=files)
        await rig.quiet()
        (answer,) = rig.answers()
        assert "Left out: 2.txt – I read at most 2 files at a time." in answer.text
        assert [f"file {number}" in told(rig)[-1] for number in range(3)] == [True, True, False]
