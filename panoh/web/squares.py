"""Draws QR codes (ISO/IEC 18004:2015) of what receipts and papers say, fast enough to stand in every answer.

segno knows everything about QR codes and takes 4 ms for one of ours, a sixth of a whole registration. So it is asked once
for each size what a code of that size looks like without its text; what remains (error correction and placing, sections
7.3 to 7.7) is done here with tables, in a tenth of the time. `tests/web/test_squares.py` holds both to the same modules.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, product, zip_longest
from operator import itemgetter
from struct import pack

import segno
from segno import consts

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # of the alphanumeric mode, in the order of its values
ALPHANUMERIC = "0010"
PADDING = b"\xec\x11"
QUIET = 3  # modules of white round the code
PIXELS = 4  # of a module: one hexadecimal digit of a picture with one bit for each pixel

# One mask for all instead of the best of eight: every reader takes any, and judging them costs more than all the rest.
MASK = 2
OF_THE_TEXT = (consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT)

# Of each version: (bytes of data, bytes of correction) of each block (table 9).
BLOCKS = {
    version: tuple(
        (group.num_data, group.num_total - group.num_data)
        for group in consts.ECC[version][consts.ERROR_LEVEL_M]
        for _ in range(group.num_blocks)
    )
    for version in range(1, 41)
}

_IN_BITS = {a + b: f"{ALPHABET.index(a) * 45 + ALPHABET.index(b):011b}" for a, b in product(ALPHABET, repeat=2)} | {
    letter: f"{value:06b}" for value, letter in enumerate(ALPHABET)
}


@dataclass(frozen=True)
class Layout:
    """What all codes of one version (size) have in common, at error correction M and our mask."""

    side: int
    source: itemgetter  # for each module, row by row: its place among the bits, or one of the two fixed ones after them
    spare_bits: int
    mask: int


@lru_cache(maxsize=40)
def layout(version: int) -> Layout:
    drawn = segno.make("A", version=version, error="m", mask=MASK, micro=False, boost_error=False)
    kinds = [list(row) for row in drawn.matrix_iter(border=0, verbose=True)]
    side = len(kinds)
    kinds[8][side - 9] = consts.TYPE_DATA_LIGHT  # segno 1.6 takes this one module for a part of the format information
    places = [place for place in zigzag(side) if kinds[place[0]][place[1]] in OF_THE_TEXT]
    index = {place: number for number, place in enumerate(places)}
    source, mask = [], 0
    for row, column in product(range(side), repeat=2):
        place = index.get((row, column))
        dark = drawn.matrix[row][column] & 1
        source.append(place if place is not None else len(places) + dark)
        mask = mask << 1 | (place is not None and column % 3 == 0)
    return Layout(side, itemgetter(*source), len(places) - 8 * sum(map(sum, BLOCKS[version])), mask)


def zigzag(side: int):
    """The modules in the order in which bits are laid: pairs of columns from the right, up and down in turn (7.7.3)."""
    upwards = True
    for right in (*range(side - 1, 6, -2), 5, 3, 1):
        for row in reversed(range(side)) if upwards else range(side):
            yield row, right
            yield row, right - 1
        upwards = not upwards


def modules(text: str) -> list[str]:
    """The rows of the code as texts of 0 (light) and 1 (dark). Takes the letters of ALPHABET alone."""
    version, payload = fit(text)
    shape = layout(version)
    data, correction, start = [], [], 0
    for length, extra in BLOCKS[version]:
        block = payload[start : start + length]
        start += length
        data.append(block)
        correction.append(remainder(block, extra))
    final = bytes(byte for byte in chain(*zip_longest(*data), *zip(*correction, strict=True)) if byte is not None)
    bits = f"{int.from_bytes(final):0{8 * len(final)}b}" + "0" * shape.spare_bits
    cells = int("".join(shape.source(bits + "01")), 2) ^ shape.mask
    drawn = f"{cells:0{shape.side * shape.side}b}"
    return [drawn[at : at + shape.side] for at in range(0, len(drawn), shape.side)]


def fit(text: str) -> tuple[int, bytes]:
    """The smallest version that holds the text, and the text as its bytes of data (7.4.4, 7.4.9, 7.4.10)."""
    pairs = "".join([_IN_BITS[text[at : at + 2]] for at in range(0, len(text), 2)])
    for version, blocks in BLOCKS.items():
        capacity = sum(data for data, _correction in blocks)
        bits = f"{ALPHANUMERIC}{len(text):0{count_bits(version)}b}{pairs}"
        if len(bits) <= 8 * capacity:
            break
    else:
        raise ValueError(f"{len(text)} letters fit no QR code")
    bits = (bits + "0000")[: 8 * capacity]
    bits += "0" * (-len(bits) % 8)
    payload = int(bits, 2).to_bytes(len(bits) // 8)
    return version, payload + (PADDING * capacity)[: capacity - len(payload)]


def count_bits(version: int) -> int:
    return 9 if version < 10 else 11 if version < 27 else 13


# -- Reed and Solomon's correction, over the field of 256 with x^8 + x^4 + x^3 + x^2 + 1 (7.5.2) -------------------------


def _powers() -> list[int]:
    found, value = [], 1
    for _ in range(255):
        found.append(value)
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return found


POWERS = _powers()
LOGARITHMS = {value: power for power, value in enumerate(POWERS)}


def times(a: int, b: int) -> int:
    return POWERS[(LOGARITHMS[a] + LOGARITHMS[b]) % 255] if a and b else 0


@lru_cache(maxsize=40)
def _multiples(degree: int) -> list[int]:
    """For each byte, its product with the generator polynomial of this degree, leading term left out, as one number."""
    generator = [1]
    for power in range(degree):
        shifted = [times(coefficient, POWERS[power]) for coefficient in generator]
        generator = [a ^ b for a, b in zip([*generator, 0], [0, *shifted], strict=True)]
    return [int.from_bytes(bytes(times(byte, coefficient) for coefficient in generator[1:])) for byte in range(256)]


def remainder(block: bytes, degree: int) -> bytes:
    multiples, top = _multiples(degree), 8 * (degree - 1)
    rest, below = 0, (1 << top) - 1
    for byte in block:
        rest = (rest & below) << 8 ^ multiples[byte ^ rest >> top]
    return rest.to_bytes(degree)


# -- the picture -----------------------------------------------------------------------------------------------------------

_LIGHT_IS_ONE = str.maketrans("01", "f0")


def png(text: str) -> bytes:
    """The code as a picture with one bit for each pixel (ISO/IEC 15948), dark on light, its quiet zone round it."""
    rows = modules(text)
    side = len(rows) + 2 * QUIET
    margin = "f" * QUIET
    spare = "f" * (side % 2)  # each line fills its last byte
    same_again = (b"\x02" + bytes((side + 1) // 2)) * (PIXELS - 1)  # filter "up": no difference from the line above
    blank = b"\x00" + b"\xff" * ((side + 1) // 2) + same_again
    lines = [
        b"\x00" + bytes.fromhex(f"{margin}{row.translate(_LIGHT_IS_ONE)}{margin}{spare}") + same_again for row in rows
    ]
    body = blank * QUIET + b"".join(lines) + blank * QUIET
    width = side * PIXELS
    header = pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(body, 3)) + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))


def data_uri(text: str) -> str:
    return "data:image/png;base64," + base64.b64encode(png(text)).decode()
