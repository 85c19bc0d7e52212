"""Files of our own making: documents of Word, books and PDFs, as small as they can be."""

import io
import zipfile
from collections.abc import Mapping, Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def archive(members: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return packed.getvalue()


def word(*paragraphs: tuple[str, str] | str, members: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a document whose paragraphs are words, or a style and words."""
    pairs = [("", each) if isinstance(each, str) else each for each in paragraphs]
    names = sorted({style for style, _ in pairs if style})
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{number}"><w:name w:val="{name}"/></w:style>'
        for number, name in enumerate(names)
    )
    body = "".join(
        "<w:p>"
        + (f'<w:pPr><w:pStyle w:val="s{names.index(style)}"/></w:pPr>' if style else "")
        + f"<w:r><w:t>{words}</w:t></w:r></w:p>"
        for style, words in pairs
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        "</Relationships>"
    )
    return archive(
        {
            "[Content_Types].xml": TYPES,
            "word/_rels/document.xml.rels": relations,
            "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
            **(members or {}),
        }
    )


def book(
    *chapters: str, metadata: str = "", spine: str = "", members: Mapping[str, str | bytes] | None = None
) -> bytes:
    """Return a book whose chapters are the bodies of pages."""
    items = "".join(
        f'<item id="c{number}" href="c%20{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number, _ in enumerate(chapters)
    )
    order = spine or "".join(f'<itemref idref="c{number}"/>' for number, _ in enumerate(chapters))
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{order}</spine></package>",
            **{
                f"OEBPS/c {number}.xhtml": f"<?xml version='1.0' encoding='utf-8'?><html "
                f"xmlns='http://www.w3.org/1999/xhtml' xmlns:epub='http://www.idpf.org/2007/ops'>"
                f"<head><title>x</title></head><body>{body}</body></html>"
                for number, body in enumerate(chapters)
            },
            **(members or {}),
        }
    )


Words = tuple[str, float, float, float, str]
"""Words, their size, where they begin from the left and from the bottom, and the font: R, B, C or Z."""


def pdf(*pages: Sequence[Words], info: Mapping[str, str] | None = None) -> bytes:
    """Return a PDF with words set at places."""
    objects: list[bytes] = [b"", b""]  # the catalogue and the list of pages come when all is known
    fonts = " ".join(f"/{name} {number} 0 R" for number, name in enumerate("RBCZ", 3))
    objects += (
        f"<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>".encode()
        for name in ("Helvetica", "Helvetica-Bold", "Courier")
    )
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>"
    objects.append(
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[7 0 R]>>"
    )
    objects.append(
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light{system}/DW 1000"
        "/FontDescriptor 8 0 R>>".encode()
    )
    objects.append(
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/Ascent 880/Descent -120/CapHeight 880"
        b"/ItalicAngle 0/StemV 80/FontBBox[-25 -254 1000 880]>>"
    )
    kids = []
    for page in pages:
        content = "\n".join(_shown(*words) for words in page).encode("latin-1")
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(content), content))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            f"/Resources<</Font<<{fonts}>>>>>>".encode()
        )
        kids.append(len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]/Count {len(kids)}>>".encode()
    facts = "".join(f"/{name}({value})" for name, value in (info or {}).items())
    objects.append(f"<<{facts}>>".encode("latin-1"))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start = len(out)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode()
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def _shown(words: str, size: float, left: float, bottom: float, font: str) -> str:
    if font == "Z":
        shown = f"<{words.encode('utf-16-be').hex()}>"
    else:
        escaped = (
            words.encode("cp1252")
            .decode("latin-1")
            .replace("\\", r"\\")
            .replace("(", r"\(")
            .replace(")", r"\)")
        )
        shown = f"({escaped})"
    return f"BT /{font} {size} Tf {left} {bottom} Td {shown} Tj ET"


def set_in_lines(
    text: str, *, top: float = 780, size: float = 11, left: float = 70, font: str = "R"
) -> list[Words]:
    """Return the lines of a text, one below the other; an empty line leaves a gap."""
    return [
        (line, size, left, top - number * size * 1.3, font)
        for number, line in enumerate(text.split("\n"))
        if line
    ]
