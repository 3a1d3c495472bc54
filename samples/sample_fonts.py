"""Noto CJK as TrueType subsets that reportlab can embed.

Debian's fonts-noto-cjk are OpenType collections with CFF outlines, which reportlab refuses.
Each face is cut down to the characters that the report uses and its cubic outlines are turned into
quadratic ones (the otf2ttf way of fontTools). The results live in a temporary directory only.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont

FOLDER = Path("/usr/share/fonts/opentype/noto")
FACES = {
    "Song": ("NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC"),
    "Hei": ("NotoSansCJK-Bold.ttc", "Noto Sans CJK SC"),
}
MAXP_FIELDS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
    "maxStackElements", "maxSizeOfInstructions", "maxPoints", "maxContours",
    "maxCompositePoints", "maxCompositeContours", "maxComponentElements", "maxComponentDepth",
)  # fmt: skip
MAX_ERROR = 1.0  # font units of 1000 to the em


def register_fonts(characters: set[str], folder: Path) -> None:
    """Make the fonts `Song` (body) and `Hei` (headings) known to reportlab."""
    for name, (file_name, family) in FACES.items():
        source = FOLDER / file_name
        if not source.exists():
            raise SystemExit(f"{source} is missing: apt-get install -y fonts-noto-cjk")
        target = folder / f"{name}.ttf"
        write_subset(source, family, characters, target)
        pdfmetrics.registerFont(EmbeddedFont(name, str(target)))


def write_subset(source: Path, family: str, characters: set[str], target: Path) -> None:
    """Write the characters of one face of the collection as a TrueType file."""
    collection = TTCollection(str(source), lazy=True)
    font = next(font for font in collection if font["name"].getDebugName(1) == family)
    missing = sorted(c for c in characters if ord(c) not in font.getBestCmap())
    if missing:
        raise SystemExit(f"{family} has no glyph for: {''.join(missing)}")
    options = Options(layout_features=[], hinting=False, notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(c) for c in characters])
    subsetter.subset(font)
    _to_truetype(font)
    font.save(str(target))


def _to_truetype(font: TTFont) -> None:
    """Replace the CFF table by glyf and loca, in place."""
    order = font.getGlyphOrder()
    glyph_set = font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = glyphs
    for name in order:
        glyph = glyphs[name]
        glyph.recalcBounds(glyf)
        advance, _ = font["hmtx"][name]
        font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))
    del font["CFF "]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in MAXP_FIELDS:
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    post = font["post"]
    post.formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
    font.recalcTimestamp = False
