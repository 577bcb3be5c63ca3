"""Against a daemon that speaks the protocol, on real sockets of both kinds."""

import io
import socket
import tempfile
import threading
from contextlib import contextmanager

import pytest

from evidence import antivirus
from evidence.antivirus import Scan, ScannerUnavailable
from evidence.tests.storing import descriptors

# The test file that every scanner knows (eicar.org), in two parts so that none of them minds this one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + rb"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def read_exactly(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError
        data += part
    return data


def read_stream(connection):
    """Read as the daemon does; return what was sent."""
    assert read_exactly(connection, 10) == b"zINSTREAM\0"
    content = b""
    while length := int.from_bytes(read_exactly(connection, 4), "big"):
        content += read_exactly(connection, length)
    return content


def verdict(connection):
    content = read_stream(connection)
    connection.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


def answering(*parts):
    def behave(connection):
        read_stream(connection)
        for part in parts:
            connection.sendall(part)

    return behave


def hang_up_in_the_middle(connection):
    read_exactly(connection, 1000)


def refuse_the_size(connection):
    read_exactly(connection, 1000)
    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")


@pytest.fixture(params=["unix", "tcp"])
def clamd(request, settings):
    """Return a context manager that runs a daemon with one behaviour for one connection."""

    @contextmanager
    def run(behave):
        is_unix = request.param == "unix"
        with (
            socket.socket(socket.AF_UNIX if is_unix else socket.AF_INET) as server,
            tempfile.TemporaryDirectory() as folder,  # not tmp_path: the name of a socket must be short
        ):
            server.bind(f"{folder}/clamd" if is_unix else ("127.0.0.1", 0))
            server.listen()
            server.settimeout(5)
            name = server.getsockname()
            settings.CLAMD = f"unix:{name}" if is_unix else f"tcp:127.0.0.1:{name[1]}"
            done = threading.Event()
            thread = threading.Thread(target=serve, args=[server, behave, done])
            thread.start()
            try:
                yield
            finally:
                done.set()
                thread.join()

    def serve(server, behave, done):
        connection, _ = server.accept()
        with connection:
            connection.settimeout(5)
            try:
                behave(connection)
            except OSError:
                return
            if behave is late and not done.wait(1):
                connection.sendall(b"stream: OK\0")

    return run


def late(connection):
    """Give the verdict when nobody should wait for it any more."""
    read_stream(connection)


@pytest.mark.parametrize("content", [b"", b"bersih", bytes(1_000_000)])
def test_clean_content_is_clean(clamd, content):
    before = descriptors()
    with clamd(verdict):
        assert antivirus.scan(io.BytesIO(content)) == Scan(clean=True, threat="")
    assert descriptors() == before


@pytest.mark.parametrize("content", [EICAR, bytes(antivirus.CHUNK - 20) + EICAR])
def test_a_threat_is_named(clamd, content):
    with clamd(verdict):
        assert antivirus.scan(io.BytesIO(content)) == Scan(clean=False, threat="Eicar-Test-Signature")


def test_an_answer_may_come_in_pieces(clamd):
    with clamd(answering(b"stream: ", b"Win.Test FO", b"UND\0")):
        assert antivirus.scan(io.BytesIO(b"x")) == Scan(clean=False, threat="Win.Test")


@pytest.mark.parametrize(
    "behave",
    [
        hang_up_in_the_middle,
        refuse_the_size,
        answering(b"INSTREAM size limit exceeded. ERROR\0"),
        answering(b"stream: Can't allocate memory ERROR\0"),
        answering(b"stream: OK"),
        answering(b"stream: OK\0stream: Eicar FOUND\0"),
        answering(b"stream: OK \0"),
        answering(b"stream:  FOUND\0"),
        answering(b"stream: Eicar\nFOUND FOUND\0"),
        answering(b"\0"),
        answering(b""),
        answering(b"HTTP/1.1 200 OK\r\n\r\n"),
        answering(b"x" * 10_000),
        answering(b"stream: " + b"x" * 10_000 + b" FOUND\0"),
        answering(b"\xff\xfe\0"),
    ],
)
def test_anything_but_a_verdict_is_none(clamd, behave):
    before = descriptors()
    with clamd(behave), pytest.raises(ScannerUnavailable):
        antivirus.scan(io.BytesIO(bytes(3_000_000)))
    assert descriptors() == before


def test_a_silent_scanner_is_not_waited_for(clamd):
    before = descriptors()
    with clamd(late), pytest.raises(ScannerUnavailable, match="timed out"):
        antivirus.scan(io.BytesIO(b"x"), timeout=0.02)
    assert descriptors() == before


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_scanner_that_is_not_there_gives_no_verdict(settings, tmp_path):
    before = descriptors()
    for address in (f"unix:{tmp_path}/none", f"tcp:127.0.0.1:{closed_port()}", "tcp:clamd", "", f"unix:{tmp_path}"):
        settings.CLAMD = address
        with pytest.raises(ScannerUnavailable):
            antivirus.scan(io.BytesIO(b"x"))
    assert descriptors() == before


def test_a_file_that_cannot_be_read_gets_no_verdict(clamd):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise OSError("disk")

    with clamd(verdict), pytest.raises(ScannerUnavailable, match="disk"):
        antivirus.scan(Broken(b"x"))


@pytest.mark.parametrize(
    "address", ["unix:/run/clamav/clamd.ctl", "tcp:127.0.0.1:3310", "tcp:clamd:3310", "tcp:[::1]:1"]
)
def test_good_addresses_have_no_problems(address):
    assert antivirus.problems_of(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "", "unix:", "unix:clamd.ctl", "/run/clamd.ctl", "tcp:", "tcp:host", "tcp:host:", "tcp:host:0",
        "tcp:host:65536", "tcp::3310", "tcp:::1:3310", "tcp:ho st:1", "tcp://host:3310", "http://host:3310",
        "tcp:host:3310\n", "tcp:host:٣", "unix:/" + "x" * 200, "unix:/a\0b",
    ],
)  # fmt: skip
def test_bad_addresses_are_named(address):
    assert repr(address) in antivirus.problems_of(address)


@pytest.mark.parametrize(("address", "configured"), [("", False), ("unix:/run/clamd.ctl", True)])
def test_a_scanner_is_used_where_one_is_named(settings, address, configured):
    settings.CLAMD = address
    assert antivirus.is_configured() is configured
