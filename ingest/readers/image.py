"""Pictures of pages: PNG, JPEG, TIFF (its frames are pages), BMP, WebP and GIF. All their text is recognised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ingest import recognition
from ingest.document import Document, Page
from ingest.parsed import Rejected
from ingest.readers.geometry import compose

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.recognition.picture import Sheet

# First bytes, name in Pillow, media type.
SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG", "image/png"),
    (b"\xff\xd8\xff", "JPEG", "image/jpeg"),
    (b"II*\x00", "TIFF", "image/tiff"),
    (b"MM\x00*", "TIFF", "image/tiff"),
    (b"BM", "BMP", "image/bmp"),
    (b"GIF8", "GIF", "image/gif"),
    (b"RIFF", "WEBP", "image/webp"),
)
MAX_PAGES = 500
MAX_PIXELS = 80_000_000  # a page: A3 at 600 dpi has 70 million
LONGER_SIDE = (500.0, 1300.0)  # points: what the longer side of a sheet of paper measures, from A5 to A3
A4 = 842.0  # points: the longer side of a picture that does not say, or not believably, how large it is
SHARPEST, COARSEST = 300 / 72, 200 / 72  # pixels a point between which a page is read


def signature(head: bytes) -> tuple[str, str] | None:
    """Name in Pillow and media type of a picture, by its first bytes."""
    for start, name, media_type in SIGNATURES:
        if head.startswith(start) and (name != "WEBP" or head[8:12] == b"WEBP") and (name != "BMP" or head[6:10] == b"\0\0\0\0"):
            return name, media_type
    return None


def read_image(path: Path) -> Document:
    """Read a picture into the neutral document.

    Raises :class:`Rejected` for one that is damaged or too large, has no text, or cannot be read without the extra.
    """
    with path.open("rb") as handle:
        found = signature(handle.read(16))
    if found is None:
        raise Rejected("unsupported_format", "not a picture", "check the file")
    if not recognition.is_installed():
        raise Rejected("no_text_layer", "a picture, whose text is not recognised here", recognition.INSTALL)
    name, media_type = found
    pages = tuple(_pages(path, name))
    if not any(page.blocks for page in pages):
        raise Rejected("no_text_layer", "a picture without any text that can be recognised", "check the file")
    return Document(media_type, pages)


def _pages(path: Path, name: str) -> list[Page]:
    from PIL import Image

    from ingest.recognition.page import content_of

    pages: list[Page] = []
    try:
        # Our own limit is checked before anything is decoded; Pillow's would only warn.
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(path, formats=[name]) as image:
            count = getattr(image, "n_frames", 1)
            if count > MAX_PAGES:
                raise Rejected(
                    "too_large", f"{count} pages, more than the {MAX_PAGES} that one picture may have", "split the file"
                )
            for index in range(count):
                image.seek(index)
                content = content_of(_sheet(image, index + 1))
                number = index + 1
                blocks = compose(number, content)
                pages.append(Page(number, blocks, content.width, content.height, has_image=True, is_recognised=True))
    except Rejected:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, ZeroDivisionError) as error:
        # What Pillow raises for a broken picture depends on where it breaks.
        raise Rejected(
            "damaged",
            f"the picture cannot be decoded ({type(error).__name__}: {error})",
            "download it again, or save it anew from a viewer",
            page=len(pages) + 1,
        ) from error
    return pages


def _sheet(image: Image, page: int) -> Sheet:
    import numpy as np
    from PIL import Image as Images
    from PIL import ImageOps

    from ingest.recognition.picture import Sheet

    width, height = image.size
    if width * height > MAX_PIXELS:
        raise Rejected(
            "too_large",
            f"page {page} has {width} × {height} pixels, more than the {MAX_PIXELS // 10**6} million that a page may have",
            "save it anew at 300 dpi",
            page=page,
        )
    longer = max(width, height)
    scale = longer / A4
    density = image.info.get("dpi")
    if density and density[0]:
        told = longer / float(density[0]) * 72
        if LONGER_SIDE[0] <= told <= LONGER_SIDE[1]:
            scale = longer / told
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        # What is transparent is seen on white paper.
        layer = upright.convert("RGBA")
        upright = Images.alpha_composite(Images.new("RGBA", layer.size, "white"), layer)
    elif upright.mode.startswith("I;16"):
        upright = upright.point(lambda value: value / 256)
    grey = upright.convert("L")
    wanted = min(max(scale, COARSEST), SHARPEST)
    if wanted != scale:
        size = (max(1, round(grey.width * wanted / scale)), max(1, round(grey.height * wanted / scale)))
        grey = grey.resize(size, Images.Resampling.LANCZOS)
    return Sheet(np.asarray(grey), wanted)
