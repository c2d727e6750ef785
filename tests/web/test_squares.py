"""The squares on pages are QR codes: the same modules as another program draws (qrcode, which allauth brings), in a picture that a browser shows."""

import io
import random

import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode.util import MODE_ALPHA_NUM, QRData

from panoh.web import squares
from panoh.web.templatetags.qr_codes import qr


def drawn_by_qrcode(text: str) -> list[str]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=squares.MASK, border=0)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM))
    code.make()
    return ["".join("1" if module else "0" for module in row) for row in code.get_matrix()]


@given(st.text(squares.ALPHABET, min_size=1, max_size=400))
@settings(max_examples=40)
def test_any_text_is_drawn_as_another_program_draws_it(text):
    assert squares.modules(text) == drawn_by_qrcode(text)


def test_every_size_is_drawn_as_another_program_draws_it():
    letters, capacity = random.Random(1), {}
    for length in range(1, 3392):
        capacity[squares.fit("A" * length)[0]] = length
    assert list(capacity) == list(range(1, 41))
    for version in (*range(1, 15), 20, 27, 33, 40):
        text = "".join(letters.choices(squares.ALPHABET, k=capacity[version]))
        assert squares.modules(text) == drawn_by_qrcode(text), version


def test_a_receipt_is_drawn_with_its_quiet_zone_dark_on_light():
    text = "PANOH1:" + "6BF+70790T9WJWG.FKY*4GO0" * 14
    rows = squares.modules(text)
    picture = Image.open(io.BytesIO(squares.png(text)))
    side = len(rows) + 2 * squares.QUIET
    assert picture.size == (side * squares.PIXELS, side * squares.PIXELS)
    middle = squares.PIXELS // 2
    read = [
        "".join(
            "0" if picture.getpixel((x * squares.PIXELS + middle, y * squares.PIXELS + middle)) else "1"
            for x in range(side)
        )
        for y in range(side)
    ]
    quiet = "0" * squares.QUIET
    assert read[squares.QUIET : -squares.QUIET] == [quiet + row + quiet for row in rows]
    assert set("".join(read[: squares.QUIET] + read[-squares.QUIET :])) == {"0"}


def test_a_page_holds_the_picture_itself_and_nothing_where_there_is_no_text():
    assert qr("PANOH1:ABC").startswith('<img class="qr-code" src="data:image/png;base64,')
    assert qr("") == ""
