"""Hostile PDFs: made by hand, and made of real ones by mutation; the same every time."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

Mutation = Callable[[bytes, random.Random], bytes]


# -- by hand ---------------------------------------------------------------------------------------


def pdf_of(objects: dict[int, bytes], trailer: str = "/Root 1 0 R") -> bytes:
    """A PDF of these objects with a right cross-reference table."""
    body, offsets = bytearray(b"%PDF-1.7\n"), {}
    for number, text in objects.items():
        offsets[number] = len(body)
        body += f"{number} 0 obj\n".encode() + text + b"\nendobj\n"
    size = max(objects) + 1
    start = len(body)
    body += f"xref\n0 {size}\n".encode()
    for number in range(size):
        known = number in offsets
        body += f"{offsets.get(number, 0):010d} {0 if known else 65535:05d} ".encode()
        body += b"n \n" if known else b"f \n"
    body += f"trailer <</Size {size} {trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(body)


def stream(contents: bytes, extra: str = "", filters: str = "/FlateDecode") -> bytes:
    """A stream object, compressed when `filters` is /FlateDecode."""
    packed = zlib.compress(contents, 9) if filters == "/FlateDecode" else contents
    head = f"<</Filter {filters} /Length {len(packed)} {extra}>>\nstream\n".encode()
    return head + packed + b"\nendstream"


def one_page(
    contents: bytes = b"BT /F1 12 Tf 50 700 Td (3.59) Tj ET",
    box: str = "0 0 595 842",
    page: str = "",
    catalog: str = "",
    more: dict[int, bytes] | None = None,
    font: str = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica",
    body: bytes | None = None,
) -> bytes:
    return pdf_of(
        {
            1: f"<</Type /Catalog /Pages 2 0 R {catalog}>>".encode(),
            2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            3: f"<</Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R "
            f"/Resources <</Font <</F1 5 0 R>> /XObject <</X 6 0 R>>>> {page}>>".encode(),
            4: stream(contents) if body is None else body,
            5: f"<<{font}>>".encode(),
            6: stream(b"q Q", "/Type /XObject /Subtype /Form /BBox [0 0 9 9]"),
            **(more or {}),
        }
    )


def many_pages(count: int) -> bytes:
    kids = " ".join(f"{n} 0 R" for n in range(4, 4 + count))
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R>>"
    return pdf_of(
        {
            1: b"<</Type /Catalog /Pages 2 0 R>>",
            2: f"<</Type /Pages /Kids [{kids}] /Count {count}>>".encode(),
            3: stream(b""),
            **{n: page for n in range(4, 4 + count)},
        }
    )


def encrypted() -> bytes:
    canvas = Canvas("x.pdf", encrypt=StandardEncryption("secret"))
    canvas.drawString(50, 50, "3.59")
    return bytes(canvas.getpdfdata())


def rules(count: int) -> bytes:
    side = int(count**0.5)
    lines = [
        f"20 {20 + i * 800 / side:.3f} m 575 {20 + i * 800 / side:.3f} l S "
        f"{20 + i * 550 / side:.3f} 20 m {20 + i * 550 / side:.3f} 820 l S"
        for i in range(side)
    ]
    return "\n".join(lines).encode()


def by_hand() -> dict[str, Callable[[], bytes]]:
    """Name and maker of each hostile file; together some tens of megabytes."""
    deep = 20_000
    endless = b"<</Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R>>"
    return {
        "huge-box": lambda: one_page(box="0 0 100000000 100000000"),
        "infinite-box": lambda: one_page(box="0 0 1e308 1e309"),
        "negative-box": lambda: one_page(box="595 842 0 0"),
        "empty-box": lambda: one_page(box="0 0 0 0"),
        "short-box": lambda: one_page(box="0 0 595"),
        "words-in-box": lambda: one_page(box="/A (b) null true"),
        "nan-numbers": lambda: one_page(b"nan inf -inf NaN re 1e400 -1e400 m 1 1e999 l S"),
        "nan-text": lambda: one_page(
            b"BT /F1 1e308 Tf 1e308 0 0 1e308 1e308 1e308 Tm (3.59) Tj ET"
        ),
        "huge-font": lambda: one_page(b"BT /F1 99999999999 Tf 50 700 Td (3.59) Tj ET"),
        "deep-arrays": lambda: one_page(page="/X " + "[" * deep + "]" * deep),
        "deep-dictionaries": lambda: one_page(page="/X " + "<</A " * deep + "1" + ">>" * deep),
        "deep-contents": lambda: one_page(b"[" * deep + b"]" * deep + b" TJ"),
        "deep-states": lambda: one_page(b"q " * 200_000 + b"Q " * 200_000),
        "bomb": lambda: one_page(b" " * (400 << 20)),
        "bomb-twice": lambda: one_page(
            body=stream(
                zlib.compress(zlib.compress(b" " * (300 << 20), 9), 9),
                filters="[/FlateDecode /FlateDecode]",
            )
        ),
        "bomb-runs": lambda: one_page(
            body=stream(b"\x81 " * 2_000_000, filters="/RunLengthDecode")
        ),
        "bomb-object-stream": lambda: one_page(
            more={7: stream(b"8 0 " + b" " * (200 << 20), "/Type /ObjStm /N 1 /First 4")}
        ),
        "many-pages": lambda: many_pages(10_000),
        "no-pages": lambda: many_pages(0),
        "count-lies": lambda: one_page().replace(b"/Count 1", b"/Count 9"),
        "pages-in-a-ring": lambda: pdf_of({1: b"<</Type /Catalog /Pages 2 0 R>>", 2: endless}),
        "pages-tree-deep": lambda: pdf_of(
            {
                1: b"<</Type /Catalog /Pages 2 0 R>>",
                **{
                    n: f"<</Type /Pages /Kids [{n + 1} 0 R] /Count 1>>".encode()
                    for n in range(2, 5_000)
                },
                5_000: b"<</Type /Page /MediaBox [0 0 9 9]>>",
            }
        ),
        "parent-is-itself": lambda: one_page(page="/Parent 3 0 R"),
        "catalog-missing": lambda: pdf_of({2: b"<</Type /Pages /Kids [] /Count 0>>"}),
        "catalog-number": lambda: pdf_of({1: b"42"}),
        "root-is-itself": lambda: pdf_of({1: b"1 0 R"}),
        "length-is-itself": lambda: one_page(body=b"<</Length 4 0 R>>\nstream\nBT ET\nendstream"),
        "filter-is-itself": lambda: one_page(
            body=b"<</Length 5 /Filter 4 0 R>>\nstream\nBT ET\nendstream"
        ),
        "xref-at-the-head": lambda: one_page().replace(b"trailer <<", b"trailer <</Prev 0 "),
        "xref-of-itself": lambda: _ring(one_page()),
        "xref-huge": lambda: one_page().replace(b"xref\n0 ", b"xref\n0 99999999"),
        "xref-negative": lambda: one_page().replace(b"startxref\n", b"startxref\n-"),
        "form-of-itself": lambda: one_page(
            b"/X Do",
            more={
                6: stream(
                    b"/X Do /X Do",
                    "/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
                    "/Resources <</XObject <</X 6 0 R>>>>",
                )
            },
        ),
        "forms-in-forms": lambda: one_page(
            b"/X Do",
            more={
                n: stream(
                    b"/X Do " * 10,
                    "/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
                    f"/Resources <</XObject <</X {n + 1} 0 R>>>>",
                )
                for n in range(6, 16)
            },
        ),
        "javascript": lambda: one_page(
            catalog="/OpenAction <</S /JavaScript /JS (while(true){app.alert('x')})>>"
        ),
        "launch": lambda: one_page(catalog="/OpenAction <</S /Launch /F (/bin/sh)>>"),
        "embedded-file": lambda: one_page(
            catalog="/Names <</EmbeddedFiles <</Names [(a.exe) 7 0 R]>>>>",
            more={
                7: b"<</Type /Filespec /F (a.exe) /EF <</F 8 0 R>>>>",
                8: stream(b"MZ" * 1000, "/Type /EmbeddedFile"),
            },
        ),
        "outside-file": lambda: one_page(
            body=b"<</Length 0 /F (/etc/passwd)>>\nstream\n\nendstream"
        ),
        "encrypted": encrypted,
        "encrypted-unknown": lambda: pdf_of(
            {1: b"<</Type /Catalog /Pages 2 0 R>>", 2: b"<</Kids [] /Count 0>>"},
            "/Root 1 0 R /Encrypt <</Filter /Nothing /V 9>> /ID [(a) (b)]",
        ),
        "font-without-map": lambda: one_page(
            b"BT /F1 12 Tf 50 700 Td <00480049> Tj ET",
            font="/Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H "
            "/DescendantFonts [<</Type /Font /Subtype /CIDFontType2 /BaseFont /X>>]",
        ),
        "font-without-anything": lambda: one_page(font=""),
        "font-of-itself": lambda: one_page(
            font="/Type /Font /Subtype /Type0 /DescendantFonts [5 0 R]"
        ),
        "font-widths-huge": lambda: one_page(
            font="/Type /Font /Subtype /Type1 /BaseFont /X /FirstChar 0 /LastChar 2147483647 "
            "/Widths [1e300 -1e300 (a)]"
        ),
        "map-of-surrogates": lambda: one_page(
            b"BT /F1 12 Tf 50 700 Td <4142> Tj ET",
            font="/Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 7 0 R",
            more={
                7: stream(
                    b"begincmap 1 beginbfchar <41> <D800> endbfchar "
                    b"1 beginbfchar <42> <0000> endbfchar endcmap"
                )
            },
        ),
        "map-huge-range": lambda: one_page(
            b"BT /F1 12 Tf 50 700 Td <4142> Tj ET",
            font="/Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 7 0 R",
            more={7: stream(b"begincmap 1 beginbfrange <00000000> <0FFFFFFF> <0041> endbfrange")},
        ),
        "letters-50000": lambda: one_page(
            b"BT /F1 6 Tf " + b"1 0 0 1 50 700 Tm (12345678901234567890) Tj " * 2_500 + b"ET"
        ),
        "letters-2000000": lambda: one_page(
            b"BT /F1 6 Tf " + b"1 0 0 1 50 700 Tm (12345678901234567890) Tj " * 100_000 + b"ET"
        ),
        "rules-10000": lambda: one_page(rules(10_000)),
        "rules-4000000": lambda: one_page(rules(4_000_000) * 40),
        "boxes-300000": lambda: one_page(
            b"\n".join(b"%d %d 3 3 re S" % (i % 590, i % 830) for i in range(300_000))
        ),
        "one-path": lambda: one_page(b"0 0 m " + b"9 9 l 3 4 l " * 400_000 + b"S"),
        "picture-huge": lambda: one_page(
            b"595 0 0 842 0 0 cm /X Do",
            more={
                6: stream(
                    b"\0" * 1000,
                    "/Type /XObject /Subtype /Image /Width 100000 /Height 100000 "
                    "/BitsPerComponent 8 /ColorSpace /DeviceRGB",
                )
            },
        ),
        "picture-broken": lambda: one_page(
            b"595 0 0 842 0 0 cm /X Do",
            more={
                6: stream(
                    b"\xff\xd8\xff nothing",
                    "/Type /XObject /Subtype /Image /Width 9 /Height 9 "
                    "/BitsPerComponent 8 /ColorSpace /DeviceRGB",
                    "/DCTDecode",
                )
            },
        ),
        "only-a-head": lambda: b"%PDF-1.7\n",
        "head-and-noise": lambda: b"%PDF-1.7\n" + random.Random(1).randbytes(50_000),
        "head-late": lambda: b"\0" * 900 + one_page(),
        "only-endings": lambda: b"%PDF-1.7\n" + b"startxref\n0\n%%EOF\n" * 20_000,
        "only-objects": lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 100_000,
        "parentheses": lambda: b"%PDF-1.7\n1 0 obj\n" + b"(" * 200_000,
    }


def _ring(pdf: bytes) -> bytes:
    start = int(re.findall(rb"startxref\n(\d+)", pdf)[-1])
    return pdf.replace(b"trailer <<", b"trailer <</Prev %d " % start)


# -- by mutation -----------------------------------------------------------------------------------


def mutants(bases: list[bytes], count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """`count` files, each one of `bases` with one to three mutations; name and bytes."""
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)
        data = bases[number % len(bases)]
        chosen = chance.choices(MUTATIONS, k=chance.choice((1, 1, 1, 2, 3)))
        for mutation in chosen:
            data = mutation(data, chance)
        yield f"{seed}-{number:05d}-" + "+".join(m.__name__ for m in chosen), data


def flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 5, 50, 500))):
        changed[chance.randrange(9, len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(20, len(data))]


def drop(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(9, len(data) - 1)
    return data[:start] + data[start + chance.choice((1, 40, 4000)) :]


def double(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(9, len(data) - 1)
    piece = data[start : start + chance.choice((10, 1000, 20_000))]
    return data[:start] + piece * chance.choice((2, 20)) + data[start:]


def shuffle_objects(data: bytes, chance: random.Random) -> bytes:
    """The numbers of the objects dealt out anew: references lead elsewhere."""
    numbers = [m.group(1) for m in re.finditer(rb"(?:^|\n)(\d+) 0 obj", data)]
    dealt = numbers[:]
    chance.shuffle(dealt)
    new = dict(zip(numbers, dealt, strict=True))
    return re.sub(rb"(^|\n)(\d+)( 0 obj)", lambda m: m[1] + new.get(m[2], m[2]) + m[3], data)


def swap_streams(data: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb"stream\r?\n(.*?)endstream", data, re.S))
    if len(found) < 2:
        return data
    a, b = sorted(chance.sample(found, 2), key=lambda m: m.start())
    return data[: a.start(1)] + b[1] + data[a.end(1) : b.start(1)] + a[1] + data[b.end(1) :]


def inside_stream(data: bytes, chance: random.Random) -> bytes:
    """A compressed stream unpacked, damaged and packed again: the damage reaches the parser."""
    found = list(re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S))
    chance.shuffle(found)
    for match in found:
        try:
            plain = zlib.decompress(match[1])
        except zlib.error:
            continue
        if len(plain) < 30:
            continue
        mutation = chance.choice((flip, drop, double, numbers, tokens))
        packed = zlib.compress(mutation(plain, chance))
        return data[: match.start(1)] + packed + data[match.end(1) :]
    return data


def numbers(data: bytes, chance: random.Random) -> bytes:
    """Some numbers replaced by those that programs stumble over."""
    odd = (b"0", b"-1", b"1e309", b"99999999999", b"-0.0000001", b"2147483648", b"nan", b"(x)")
    share = chance.choice((0.001, 0.02, 0.2))
    return re.sub(
        rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])",
        lambda m: chance.choice(odd) if chance.random() < share else m[0],
        data,
    )


def tokens(data: bytes, chance: random.Random) -> bytes:
    """Some words of the PDF language replaced by others."""
    words = (
        b"/Type",
        b"/Kids",
        b"<<",
        b">>",
        b"[",
        b"]",
        b"/Font",
        b"Tj",
        b"null",
        b"R",
        b"q",
        b"cm",
    )
    share = chance.choice((0.002, 0.05))
    return re.sub(
        rb"/\w+|<<|>>|\[|\]|\b(?:R|Tj|TJ|Tf|cm|re|l|m)\b",
        lambda m: chance.choice(words) if chance.random() < share else m[0],
        data,
    )


MUTATIONS: tuple[Mutation, ...] = (
    flip,
    cut,
    drop,
    double,
    shuffle_objects,
    swap_streams,
    inside_stream,
    inside_stream,
    inside_stream,
    numbers,
    tokens,
)
