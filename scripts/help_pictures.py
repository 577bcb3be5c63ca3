#!/usr/bin/env python3
"""Take the pictures of the help anew: from the demo agency, in a browser, into static/help.

    .venv/bin/python scripts/help_pictures.py              all of them
    .venv/bin/python scripts/help_pictures.py rekap tugas  only these

For developers, after `scripts/test` once: it needs Playwright and a Chromium (`CHROMIUM` names another one). It makes
the demo in a temporary directory, or uses the one in `DATA_DIR` with the password in `DEMO_PASSWORD`. Which pages are
shot stands in `portal/help/pictures.py`. A page that does not open, lacks what it shall show or makes too large a
picture stops it, and nothing of that picture is written.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from socket import create_server

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from portal.help.pictures import PICTURES, Picture  # noqa: E402

TARGET = ROOT / "static" / "help"
MOST_BYTES = 60_000
QUALITIES = (72, 60, 48, 36)
PATIENCE = 60  # seconds until the server answers
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--lang=id-ID",
]
# A browser's own words are those of its language pack, which few machines have: shown as an Indonesian browser would.
INDONESIAN = """() => {
  const shown = (field, text) => {
    const box = document.createElement("div");
    box.className = field.className;
    box.textContent = text;
    if (!field.matches(".visually-hidden")) field.replaceWith(box);
  };
  document.querySelectorAll("input[type=file]").forEach((f) => shown(f, "Pilih file  |  Tidak ada file yang dipilih"));
  document.querySelectorAll("input[type=date]").forEach((f) =>
    shown(f, f.value ? f.value.split("-").reverse().join("/") : "hh/bb/tttt"));
  document.querySelectorAll("input[type=datetime-local]").forEach((f) => {
    const [day, time] = f.value.split("T");
    shown(f, f.value ? `${day.split("-").reverse().join("/")} ${time.replace(":", ".")}` : "hh/bb/tttt --.--");
  });
}"""


def main(names: list[str]) -> None:
    if unknown := set(names) - set(PICTURES):
        sys.exit(f"No such pictures: {', '.join(sorted(unknown))}")
    wanted = {name: PICTURES[name] for name in names or PICTURES}
    TARGET.mkdir(exist_ok=True)
    with data_dir() as data:
        environment = demo(data)
        with served(environment) as address, sync_playwright() as playwright:
            executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
            shoot_all(browser, address, environment["DEMO_PASSWORD"], wanted)
    for path in TARGET.iterdir():
        if path.stem not in PICTURES:
            path.unlink()
            say(f"removed {path.name}, which no help shows any more")


@contextmanager
def data_dir() -> Iterator[str]:
    if given := os.environ.get("DATA_DIR"):
        yield str(Path(given).resolve())
        return
    with tempfile.TemporaryDirectory() as made:
        yield made


def demo(data: str) -> dict[str, str]:
    """Make the demo agency; return the environment in which it is served."""
    password = os.environ.get("DEMO_PASSWORD") or secrets.token_hex(8)
    shown = {"PORTAL_URL": "https://zi.contoh.go.id"}  # on the page about PortalRB
    environment = os.environ | shown | {"DEBUG": "1", "DATA_DIR": data, "DEMO_PASSWORD": password}
    for command in (["migrate", "--verbosity", "0"], ["seed_demo"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)  # noqa: S603
    return environment


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    with create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "manage.py", "runserver", "--noreload", address]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as server,  # noqa: S603
    ):
        try:
            wait_for(f"http://{address}/masuk/", server)
            yield f"http://{address}"
        finally:
            server.terminate()


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address)  # noqa: S310  our own server
            return
        except urllib.error.URLError:
            time.sleep(0.3)
    sys.exit("The portal did not start.")


def shoot_all(browser: Browser, address: str, password: str, wanted: dict[str, Picture]) -> None:
    for user in dict.fromkeys(picture.user for picture in wanted.values()):
        context = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta", reduced_motion="reduce")
        page = context.new_page()
        sign_in(page, address, user, password)
        for name, picture in wanted.items():
            if picture.user == user:
                write(name, shot(page, address, name, picture))
        context.close()


def sign_in(page: Page, address: str, user: str, password: str) -> None:
    page.goto(f"{address}/masuk/")
    page.get_by_label("Nama pengguna atau surel").fill(user)
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/masuk/" not in url)


def shot(page: Page, address: str, name: str, picture: Picture) -> bytes:
    """Open a page as it stands in the list and take its upper part, or the part asked for."""
    path = picture.path.replace("{year}", str(date.today().year))
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    answer = page.goto(address + path)
    if answer is None or answer.status != 200:
        sys.exit(f"{name}: {path} answers {answer and answer.status} to {picture.user}")
    if picture.press:
        page.locator(picture.press).first.click()
        page.locator("#panel[open]").wait_for()
    if picture.at:
        page.locator(picture.at).first.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 16)")
    page.evaluate("document.activeElement.blur()")
    page.evaluate(INDONESIAN)
    return page.screenshot()


def write(name: str, png: bytes) -> None:
    """Keep a picture as WebP, small enough for slow networks."""
    with Image.open(BytesIO(png)) as image:
        for quality in QUALITIES:
            packed = BytesIO()
            image.convert("RGB").save(packed, "WEBP", quality=quality, method=6)
            if packed.tell() < MOST_BYTES:
                (TARGET / f"{name}.webp").write_bytes(packed.getvalue())
                say(f"{name}: {packed.tell() // 1000} kB at quality {quality}")
                return
    sys.exit(f"{name}: larger than {MOST_BYTES} bytes even at quality {QUALITIES[-1]}")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
