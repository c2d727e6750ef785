"""A photo as it may come in: what decodes, is large enough to show a face and small enough to keep.

Called with bytes that a stranger chose. Size and pixels are judged from the header before anything is decoded, so a
picture that is small on the wire and vast in memory costs nothing; what is kept is a new picture without the metadata
(a telephone writes the place where it was taken into every file).
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from panoh.kernel.problems import Problem

LARGEST_BYTES = 50 * 1024 * 1024
SMALLEST_SIDE = 11  # more than 10 × 10 (RRF validator)
MOST_PIXELS = 60_000_000
KEPT_SIDE = 800
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """The photo as it is kept: JPEG, upright, at most 800 pixels a side."""

    image: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.image).hexdigest()


def clean_photo(data: bytes, field: str | None = None) -> CleanPhoto:
    """The photo to keep, or a Problem that says what is wrong with it."""
    if len(data) >= LARGEST_BYTES:
        raise Problem("registry.photo.too_heavy", field=field, megabytes=len(data) // 1024 // 1024)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged below, by our own limit
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                width, height = picture.size
                if min(width, height) < SMALLEST_SIDE:
                    raise Problem("registry.photo.too_small", field=field, width=width, height=height)
                if width * height > MOST_PIXELS:
                    raise Problem("registry.photo.too_large", field=field, width=width, height=height)
                picture.draft("RGB", (2 * KEPT_SIDE, 2 * KEPT_SIDE))  # JPEG: decode no more than is needed
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
        kept = io.BytesIO()
        upright.save(kept, "JPEG", quality=85, optimize=True)
    except Image.DecompressionBombError:
        raise Problem("registry.photo.too_large", field=field, width=0, height=0) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError):
        # Pillow's decoders answer damaged files with all of these.
        raise Problem("registry.photo.not_readable", field=field) from None
    return CleanPhoto(kept.getvalue(), upright.width, upright.height)
