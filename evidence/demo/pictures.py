"""The demo's pictures, drawn: banners in front of an office, screens of applications, charts. Pure."""

import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = (960, 640)
NAVY, GOLD, SKY, GRASS, WALL = "#1d3557", "#e9c46a", "#bfd9ee", "#8ab17d", "#f4f1ea"
GREY, PALE, WHITE = "#6c757d", "#e9ecef", "#ffffff"
MARK = "CONTOH: bukan foto atau tangkapan layar sungguhan"
Drawer = Callable[[ImageDraw.ImageDraw, str, random.Random], None]

SCREENS = ("layar", "dasbor", "laman", "riwayat")
FLOWS = ("alur", "bagan", "diagram")


def extension_of(title: str) -> str:
    """Return the extension of the picture that fits a title: photographs are JPEG."""
    return ".jpg" if _drawer_of(title) is _banner else ".png"


def picture(title: str, unit: str, generator: random.Random) -> bytes:
    """Return a picture fit for a title."""
    image = Image.new("RGB", SIZE, SKY)
    canvas = ImageDraw.Draw(image)
    _drawer_of(title)(canvas, unit, generator)
    canvas.rectangle((0, 0, SIZE[0], 36), fill=WHITE)
    canvas.text((16, 8), title, font=_font(18), fill=NAVY)
    canvas.rectangle((0, SIZE[1] - 36, *SIZE), fill=NAVY)
    canvas.text((16, SIZE[1] - 28), MARK, font=_font(18), fill=WHITE)
    made = BytesIO()
    if extension_of(title) == ".jpg":
        image.save(made, "JPEG", quality=70)
    else:
        image.quantize(32, Image.Quantize.FASTOCTREE).save(made, "PNG", optimize=True)
    return made.getvalue()


def _drawer_of(title: str) -> Drawer:
    for words, drawer in ((SCREENS, _screen), (FLOWS, _flow), (("hasil",), _chart)):
        if any(word in title.casefold() for word in words):
            return drawer
    return _banner


def _banner(canvas: ImageDraw.ImageDraw, unit: str, generator: random.Random) -> None:
    """Draw people below a banner in front of an office."""
    canvas.rectangle((0, 470, *SIZE), fill=GRASS)
    canvas.polygon([(90, 170), (480, 40), (870, 170)], fill="#b5651d")
    canvas.rectangle((120, 170, 840, 480), fill=WALL)
    for x in range(160, 800, 110):
        canvas.rectangle((x, 350, x + 60, 430), fill=SKY, outline=GREY, width=3)
    canvas.rectangle((150, 195, 810, 320), fill=NAVY, outline=GOLD, width=6)
    _centred(canvas, 208, "PEMBANGUNAN ZONA INTEGRITAS", 30, GOLD)
    _centred(canvas, 248, unit, 22, WHITE)
    _centred(canvas, 280, "menuju Wilayah Bebas dari Korupsi", 18, WHITE)
    for _ in range(generator.randint(6, 12)):
        x, y = generator.randint(60, 880), generator.randint(440, 500)
        canvas.rounded_rectangle((x - 16, y, x + 16, y + 80), 12, fill=generator.choice([NAVY, GREY, "#a44a3f"]))
        canvas.ellipse((x - 12, y - 26, x + 12, y - 2), fill="#c68f68")


def _screen(canvas: ImageDraw.ImageDraw, unit: str, generator: random.Random) -> None:
    """Draw a window with a menu and a table."""
    canvas.rectangle((0, 0, *SIZE), fill=PALE)
    canvas.rectangle((0, 40, SIZE[0], 96), fill=NAVY)
    canvas.text((20, 56), f"Aplikasi contoh - {unit}"[:70], font=_font(20), fill=WHITE)
    for row in range(6):
        canvas.rounded_rectangle((20, 120 + row * 56, 200, 160 + row * 56), 8, fill=WHITE)
        canvas.text((34, 131 + row * 56), f"Menu {row + 1}", font=_font(16), fill=GREY)
    for row in range(9):
        y = 120 + row * 48
        canvas.rectangle((230, y, 930, y + 40), fill=WHITE)
        done = generator.randint(20, 100)
        canvas.text((244, y + 10), f"Permohonan {generator.randint(1000, 9999)}", font=_font(16), fill=NAVY)
        canvas.rectangle((520, y + 14, 520 + 3 * done, y + 26), fill=GRASS if done > 50 else GOLD)
        canvas.text((850, y + 10), f"{done}%", font=_font(16), fill=NAVY)


def _chart(canvas: ImageDraw.ImageDraw, unit: str, generator: random.Random) -> None:
    """Draw bars for the quarters of two years."""
    canvas.rectangle((0, 0, *SIZE), fill=WHITE)
    canvas.text((60, 60), unit, font=_font(20), fill=GREY)
    for step in range(6):
        y = 540 - step * 80
        canvas.line((100, y, 920, y), fill=PALE, width=2)
        canvas.text((50, y - 10), str(step * 20), font=_font(16), fill=GREY)
    for quarter in range(4):
        x = 150 + quarter * 195
        for place, colour in enumerate((GOLD, NAVY)):
            value = generator.randint(55 + 15 * place, 80 + 18 * place)
            canvas.rectangle((x + place * 62, 540 - value * 4, x + place * 62 + 54, 540), fill=colour)
        canvas.text((x + 6, 552), f"Triwulan {quarter + 1}", font=_font(18), fill=NAVY)


def _flow(canvas: ImageDraw.ImageDraw, unit: str, generator: random.Random) -> None:
    """Draw the steps of a service and how they follow each other."""
    canvas.rectangle((0, 0, *SIZE), fill=WHITE)
    canvas.text((60, 60), unit, font=_font(20), fill=GREY)
    for place, step in enumerate(["Pendaftaran", "Verifikasi berkas", "Pemrosesan", "Persetujuan", "Penyerahan hasil"]):
        x, y = 60 + place * 170, 150 + place * 80
        canvas.rounded_rectangle((x, y, x + 190, y + 70), 10, fill=PALE, outline=NAVY, width=3)
        canvas.text((x + 16, y + 12), step, font=_font(18), fill=NAVY)
        canvas.text((x + 16, y + 40), f"{generator.randint(1, 4)} hari kerja", font=_font(15), fill=GREY)
        if place:
            canvas.line((x - 60, y - 10, x - 60, y + 35, x - 4, y + 35), fill=GOLD, width=5)


def _centred(canvas: ImageDraw.ImageDraw, y: int, text: str, size: int, colour: str) -> None:
    canvas.text((SIZE[0] / 2, y), text, font=_font(size), fill=colour, anchor="ma")


def _font(size: int) -> "ImageFont.FreeTypeFont | ImageFont.ImageFont":
    return ImageFont.load_default(size)
