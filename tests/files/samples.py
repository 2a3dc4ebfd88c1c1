"""Files for the tests, made from nothing: PDFs and images, sound ones and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

# PDFs.


def content(text: str) -> bytes:
    """Return a content stream that shows `text`, line by line."""
    lines = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in text.split("\n")]
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    return f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1")


def stream(data: bytes, entries: str = "") -> bytes:
    """Return a stream object's body."""
    return f"<< /Length {len(data)} {entries} >>\nstream\n".encode() + data + b"\nendstream"


def deflated(data: bytes) -> bytes:
    """Return a compressed stream object's body."""
    return stream(zlib.compress(data, 9), "/Filter /FlateDecode")


def pdf_of_streams(streams: Sequence[bytes], trailer: str = "") -> bytes:
    """Return a PDF with a page for each stream object."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, body in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
            b" /Resources << /Font << /F1 3 0 R >> >>" + f" /Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(body)
    return _written(objects, trailer)


def _written(objects: Sequence[bytes], trailer: str) -> bytes:
    """Return a PDF with these objects, numbered from 1, of which the first is the root."""
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode())
    out.write(f"startxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def pdf(*pages: str) -> bytes:
    """Return a PDF with the text of each page."""
    return pdf_of_streams([stream(content(page)) for page in pages])


def encrypted_pdf(password: str, text: str = "secret text") -> bytes:
    """Return a PDF that needs `password`; one that is empty only keeps people from changing it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(text))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def aes_pdf() -> bytes:
    """Return a PDF encrypted with AES-256, for which pypdf needs a further library."""
    strings = " ".join(
        f"/{name} <{'5a' * size}>"
        for name, size in (("O", 48), ("U", 48), ("OE", 32), ("UE", 32), ("Perms", 16))
    )
    filters = "/CF << /StdCF << /CFM /AESV3 /Length 32 >> >> /StmF /StdCF /StrF /StdCF"
    return pdf_of_streams(
        [stream(content("secret text"))],
        f"/Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 /P -4 {filters} {strings} >> /ID [<00> <00>]",
    )


# Images.


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2) -> bytes:
    """Return a grey PNG, with all its pixels if it is small."""
    pixels = (b"\0" + b"\x80" * width) * min(height, 100)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def jpeg(width: int = 3, height: int = 2) -> bytes:
    """Return a JPEG's segments, with a thumbnail's end marker before the frame and few pixels."""
    segments = (
        (0xE1, b"Exif\0\0 a thumbnail \xff\xd9"),
        (0xDB, bytes(65)),
        (0xC4, bytes(20)),
        (0xC2, struct.pack(">BHHB", 8, height, width, 1) + bytes(3)),
        (0xDA, bytes(6)),
    )
    body = b"".join(struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in segments)
    return b"\xff\xd8" + body + b"\x12\x34\xff\x00\x56" + b"\xff\xd9"


def gif(width: int = 4, height: int = 3, frames: int = 1) -> bytes:
    """Return a GIF with a global table of two colours, a comment, and `frames` frames with tables of their own."""
    comment = b"\x21\xfe\x05hello\0"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0x80) + bytes(6) + b"\x02\x02\x44\x01\0"
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", width, height, 0x80, 0, 0)
        + bytes(6)
        + comment
        + frame * frames
        + b";"
    )


def webp(kind: bytes = b"VP8 ", width: int = 5, height: int = 4, *, moves: bool = False) -> bytes:
    """Return the first chunk of a WebP file, in one of the three forms."""
    match kind:
        case b"VP8X":
            data = struct.pack("<I", 2 if moves else 0) + (width - 1).to_bytes(3, "little")
            data += (height - 1).to_bytes(3, "little")
        case b"VP8L":
            data = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + b"\0"
        case _:
            data = b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    body = b"WEBP" + kind + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


IMAGES = {
    "image/png": png(),
    "image/jpeg": jpeg(),
    "image/gif": gif(),
    "image/webp": webp(),
}
"""A small image of each kind."""

ZIP = b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(20) + b"document.xml" + bytes(range(256))
"""What a zip archive, and so a Word document, begins with."""
