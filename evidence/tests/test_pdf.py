"""The worker reads and draws real PDFs, and whatever goes wrong in it stays in it."""

import io
import random
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from evidence import pdf
from evidence.pdf import runner

from .samples import GOOD
from .samples import pdf as make_pdf
from .samples.good import pdf_of


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "surat keputusan.pdf"
    path.write_bytes(make_pdf("Keputusan", pages=3))
    return path


def opened(picture: bytes) -> Image.Image:
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "WEBP"
        return image.convert("L")


def test_inspect_counts_the_pages(paper: Path) -> None:
    nothing = {"needs_password": False, "javascript": False, "attachments": 0, "launches": False, "rich_media": False}
    assert pdf.inspect(paper) == pdf.Facts(pages=3, **nothing)


def test_inspect_leaves_the_position_of_an_open_file(paper: Path) -> None:
    with paper.open("rb") as file:
        file.seek(10)
        assert pdf.inspect_file(file).pages == 3
        assert file.read() == paper.read_bytes()[10:]


def test_render_draws_the_text_in_the_width_asked(paper: Path) -> None:
    first, second = opened(pdf.render(paper, 1, 700)), opened(pdf.render(paper, 2, 700))
    assert first.size == (700, 991)
    dark = first.histogram()[:96]
    assert 300 < sum(dark) < 50_000  # letters, neither a blank nor a black page
    assert first.getpixel((5, 5)) == 255
    assert first.tobytes() != second.tobytes()


@pytest.mark.parametrize("page", [0, -1, 4, 1_000_000])
def test_render_of_a_page_that_is_not_there(paper: Path, page: int) -> None:
    with pytest.raises(pdf.NoSuchPage):
        pdf.render(paper, page, 300)


def sized(tmp_path: Path, box: str) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(GOOD["pdf"].replace(b"[0 0 595 842]", box.encode().ljust(13)))
    return path


@pytest.mark.parametrize(
    ("box", "width", "size"),
    [
        ("[0 0 9 90000]", 100, (1, 400)),
        ("[0 0 99999 1]", 100, (100, 1)),
        ("[0 0 595 842]", 1_000_000, (2400, 3397)),
        ("[0 0 595 842]", -5, (16, 23)),
    ],
)
def test_render_bounds_the_picture(tmp_path: Path, box: str, width: int, size: tuple[int, int]) -> None:
    assert opened(pdf.render(sized(tmp_path, box), 1, width)).size == size


@pytest.mark.parametrize("content", [b"", b"halo", GOOD["pdf"][:200], pdf_of(["null"])])
def test_broken_file_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(pdf.Unreadable):
        pdf.inspect(path)
    with pytest.raises(pdf.Unreadable):
        pdf.render(path, 1, 100)


def test_file_under_a_password_is_unreadable_but_known(tmp_path: Path) -> None:
    import pikepdf

    path = tmp_path / "a.pdf"
    with pikepdf.open(io.BytesIO(GOOD["pdf"])) as document:
        document.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert pdf.inspect(path).needs_password
    with pytest.raises(pdf.Unreadable):
        pdf.render(path, 1, 100)


def test_missing_file_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pdf.inspect(tmp_path / "tiada.pdf")


@pytest.mark.parametrize(
    "limits", [pdf.Limits(wall=0.01), pdf.Limits(cpu=0), pdf.Limits(memory=1), pdf.Limits(output=10)]
)
def test_worker_over_its_limits_is_unreadable_and_gone(
    paper: Path, limits: pdf.Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen.__init__

    def noted(self: subprocess.Popen[bytes], *args: object, **options: object) -> None:
        started.append(self)
        begin(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(subprocess.Popen, "__init__", noted)
    with pytest.raises(pdf.Unreadable):
        pdf.render(paper, 1, 300, limits)
    assert [process.returncode is not None for process in started] == [True]


def worker_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    script = tmp_path / "worker.py"
    script.write_text(body)
    monkeypatch.setattr(runner, "WORKER", script)


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "import os; os.abort()",
        "import os; os.kill(os.getpid(), 11)",
        "print('{}')",
        "print('x')",
        "",
    ],
)
def test_worker_that_hangs_dies_or_babbles_is_unreadable(
    paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    worker_of(tmp_path, monkeypatch, body)
    with pytest.raises(pdf.Unreadable):
        pdf.inspect(paper, pdf.Limits(wall=0.3))


def test_worker_gets_no_environment_and_no_place(paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    worker_of(tmp_path, monkeypatch, "import os, sys; print(os.getcwd(), sorted(os.environ), sys.argv[2:])")
    answer = pdf.render(paper, 1, 300).decode()
    assert "rahasia" not in answer
    assert answer.startswith("/ [")
    assert answer.endswith("['render', '1', '300']\n")
    assert "SECRET_KEY" not in answer


def test_worker_binds_itself_before_it_reads(paper: Path, tmp_path: Path) -> None:
    look = (
        f"import sys, resource as r; sys.path.insert(0, {str(runner.WORKER.parent)!r}); import worker;"
        "worker.bind({'cpu': 7, 'memory': 900_000_000, 'output': 5, 'wall': 3}, 100);"
        "print([r.getrlimit(getattr(r, 'RLIMIT_' + n)) for n in ('CPU', 'AS', 'FSIZE', 'CORE', 'NOFILE')],"
        "'pypdfium2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout == "[(7, 7), (900000200, 900000200), (5, 5), (0, 0), (64, 64)] False\n"


def test_damaged_files_never_crash_the_caller(tmp_path: Path) -> None:
    chance, path = random.Random(7), tmp_path / "a.pdf"
    outcomes = set()
    for _ in range(6):
        content = bytearray(make_pdf(pages=2))
        for _ in range(8):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        try:
            outcomes.add(type(pdf.inspect(path)))
        except pdf.Unreadable as error:
            outcomes.add(type(error))
    assert outcomes <= {pdf.Facts, pdf.Unreadable}
