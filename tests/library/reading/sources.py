"""Invented sources in the shapes that real ones have. Nobody in them exists."""

from __future__ import annotations

import io
import zipfile

HEADER = """VZCZCXRO5506
RR RUEHLN RUEHSK
DE RUEHDBU #0412/01 1290509
ZNR UUUUU ZZH
R 090509Z MAY 06
FM AMEMBASSY DUSHANBE
TO RUEHC/SECSTATE WASHDC 0739
INFO RUCNCIS/CIS COLLECTIVE
RUEHBUL/AMEMBASSY KABUL 0232"""

CABLE = """UNCLAS SECTION 01 OF 02 DUSHANBE 000412 
 
SENSITIVE 
SIPDIS 
 
DEPT FOR SCA/CEN 
 
E.O. 12958: N/A 
TAGS: PREF PREL SMIG TI
SUBJECT: REFUGEES WAIT FOR CERTIFICATES IN THE 
VALLEY 
 
REF: A) DUSHANBE 398 
     B) 05 STATE 01234 
 
DUSHANBE 00000412  001.2 OF 002 
 
 
------- 
SUMMARY 
------- 
 
1.  (SBU) Families wait four months for a certificate that the 
law promises in fifteen days.  End Summary. 
 
WHAT THE OFFICES SAY 
-------------------- 
 
2.  (U) Three offices gave three answers: 
 
A) There is no paper to print on. 
 
B) The commission has not met since 1 March, and is waiting for 
the appointment of 
 
DUSHANBE 00000412  002.2 OF 002 
 
 
its secretary. 
 
3.  (C) A clerk spoke of fees that no law knows. 
KARIMOVA
"""

PAGE = """<!DOCTYPE html><html><head><title>Viewing cable 06DUSHANBE412</title><script>fetch('//evil')</script></head>
<body><nav>Browse by origin</nav><h3>Viewing cable 06DUSHANBE412, REFUGEES WAIT FOR CERTIFICATES IN THE VALLEY</h3>
<table><tr><th>Reference ID</th><th>Created</th><th>Released</th><th>Classification</th><th>Origin</th></tr>
<tr><td>06DUSHANBE412</td><td>2006-05-09 05:09</td><td>2011-08-30 01:44</td>
<td>UNCLASSIFIED//FOR OFFICIAL USE ONLY</td><td>Embassy Dushanbe</td></tr></table>
<pre>%s</pre><pre>%s</pre></body></html>"""


def cable(**changed: str) -> str:
    """The cable with pieces exchanged: cable(SENSITIVE="NOFORN")."""
    text = f"{HEADER}\n{CABLE}"
    for old, new in changed.items():
        text = text.replace(old, new)
    return text


def page() -> str:
    return PAGE % (HEADER, CABLE)


def docx(paragraphs: list[tuple[str, str]], extra: dict[str, bytes] | None = None) -> bytes:
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return made.getvalue()


def pdf(text: str = "", password: str = "") -> bytes:
    """A page with the text, or with none, as a scanned one; locked where a password is given."""
    from pypdf import PdfReader, PdfWriter

    lines = "".join(f"({line}) Tj T* " for line in text.split("\n")) if text else ""
    stream = f"BT /F1 12 Tf 14 TL 50 750 Td {lines}ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made = io.BytesIO(b"%PDF-1.4\n")
    made.seek(0, io.SEEK_END)
    places = []
    for number, thing in enumerate(objects, 1):
        places.append(made.tell())
        made.write(b"%d 0 obj\n%s\nendobj\n" % (number, thing))
    start = made.tell()
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    made.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    made.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    if not password:
        return made.getvalue()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made.getvalue())))
    writer.encrypt(password, algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()
