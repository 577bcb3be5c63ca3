"""Pages as pictures: drawn once, whole or not at all, a few at a time."""

import io
import threading

import pytest
from PIL import Image

from evidence import pdf, previews

from .factories import small_pdf
from .storing import files_below, kept

SHA = "ab" * 32


@pytest.fixture
def folder(settings, tmp_path):
    settings.EVIDENCE_PREVIEW_DIR = tmp_path / "preview"
    return tmp_path / "preview"


@pytest.fixture
def drawn(monkeypatch):
    """Count drawings instead of starting a process for each."""
    calls = []

    def render(path, page, width):
        calls.append((page, width))
        if page > 2:
            raise pdf.NoSuchPage(page)
        return b"RIFF gambar %d %d" % (page, width)

    monkeypatch.setattr(pdf, "render", render)
    return calls


@pytest.fixture
def sha256():
    return kept(small_pdf("Contoh"))


def test_a_page_is_drawn_as_a_picture_of_the_width_and_shows_something(folder, sha256):
    picture = Image.open(io.BytesIO(previews.page_image(sha256, 1, 300)))
    assert (picture.format, picture.width) == ("WEBP", 300)
    darkest, lightest = picture.convert("L").getextrema()
    assert (darkest < 64, lightest) == (True, 255)


def test_a_page_is_drawn_once_per_width(folder, sha256, drawn):
    for _ in range(3):
        assert previews.page_image(sha256, 1, 900) == b"RIFF gambar 1 900"
    previews.page_image(sha256, 1, 300)
    previews.page_image(sha256, 2, 900)
    assert drawn == [(1, 900), (1, 300), (2, 900)]
    below = f"{sha256[:2]}/{sha256}"
    assert files_below(folder) == [f"{below}/1-300.webp", f"{below}/1-900.webp", f"{below}/2-900.webp"]


@pytest.mark.parametrize(
    ("text", "width"), [("300", 300), ("900", 900), ("1400", 1400), ("", 900), ("301", 900), ("٣٠٠", 900), ("9e9", 900)]
)
def test_only_widths_of_the_list_are_drawn(text, width):
    assert previews.width_of(text) == width


def test_what_cannot_be_drawn_leaves_nothing_and_gives_its_turn_back(folder, sha256, drawn):
    for _ in range(previews.AT_ONCE + 1):
        with pytest.raises(pdf.NoSuchPage):
            previews.page_image(sha256, 3, 900, patience=0)
        with pytest.raises(FileNotFoundError):
            previews.page_image(SHA, 1, 900, patience=0)
    assert files_below(folder) == []


def test_no_more_than_a_few_are_drawn_at_once(folder, sha256, monkeypatch):
    inside, finish = threading.Semaphore(0), threading.Event()

    def render(path, page, width):
        inside.release()
        assert finish.wait(20)
        return b"RIFF"

    monkeypatch.setattr(pdf, "render", render)
    threads = [threading.Thread(target=previews.page_image, args=(sha256, n, 900)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    previews._folder(sha256).mkdir(parents=True, exist_ok=True)
    for _ in threads:
        assert inside.acquire(timeout=20)
    with pytest.raises(previews.Busy):
        previews.page_image(sha256, 3, 900, patience=0)
    kept_before = previews._folder(sha256) / "4-900.webp"
    kept_before.write_bytes(b"RIFF lama")
    assert previews.page_image(sha256, 4, 900, patience=0) == b"RIFF lama"  # needs no turn
    finish.set()
    for thread in threads:
        thread.join()
    assert previews.page_image(sha256, 3, 900, patience=0) == b"RIFF"


def test_who_waited_takes_what_the_other_drew(folder, sha256, monkeypatch):
    class Turns:
        """While one waits for its turn, another draws the page."""

        def acquire(self, timeout):
            path = previews._folder(sha256) / "1-900.webp"
            path.parent.mkdir(parents=True)
            path.write_bytes(b"RIFF teman")
            return True

        def release(self):
            released.append(1)

    released = []
    monkeypatch.setattr(previews, "_turns", Turns())
    monkeypatch.setattr(pdf, "render", lambda *args: pytest.fail("drawn twice"))
    assert (previews.page_image(sha256, 1, 900), released) == (b"RIFF teman", [1])


def test_a_picture_that_cannot_be_kept_is_shown_all_the_same(folder, sha256, drawn, monkeypatch, caplog):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    assert previews.page_image(sha256, 1, 900) == b"RIFF gambar 1 900"
    assert files_below(folder) == []
    assert "could not be kept" in caplog.text


def test_pictures_of_gone_content_can_be_forgotten(folder, sha256, drawn):
    other = kept(small_pdf("Lain"))
    for content in (sha256, other):
        previews.page_image(content, 1, 900)
    previews.forget(sha256)
    previews.forget(SHA)
    assert files_below(folder) == [f"{other[:2]}/{other}/1-900.webp"]
