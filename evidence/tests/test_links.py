"""Checks against a local server that stands for the whole web; no test asks the network."""

import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from evidence import links
from evidence.links import LinkResult, address, check, checking, fetch

PUBLIC = "93.184.216.34"
PUBLIC_TOO = "2606:2800:220:1:248:1893:25c8:1946"

# A certificate for cocok.example until 2120 and its key, made for these tests and good for nothing else.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkIAqlBhhElFIMdQR
kYDULS9CMOny8ZoQS9PcFBUbjkehRANCAARy/1IPvAAmz310a3OmNlNZS/cpGX4Q
cBa1Y0gj7TDF3sf41TtrqriZqi0QHLxd/zODxacK8S7wXAjnyj3aVbWs
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1jb2Nvay5l
eGFtcGxlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1jb2Nvay5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcv9S
D7wAJs99dGtzpjZTWUv3KRl+EHAWtWNII+0wxd7H+NU7a6q4maotEBy8Xf8zg8Wn
CvEu8FwI58o92lW1rKNMMEowDwYDVR0TAQH/BAUwAwEB/zAYBgNVHREEETAPgg1j
b2Nvay5leGFtcGxlMB0GA1UdDgQWBBSx0V0iK2imB1AjDowWic9nLJjSIDAKBggq
hkjOPQQDAgNJADBGAiEA9B0qN8NziUw8Gh0LAjo0wP6KAjM+BpsCgMJUQi0a8HcC
IQCN8JFLQS4p4mhnrf+YRHhextO2vvJnXLfvJCUkYiup6A==
-----END CERTIFICATE-----
"""


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self.server.log.append((self.command, self.path, self.headers["Host"]))
        self.server.headers_seen.append(dict(self.headers))
        self.server.pages[self.path](self)

    do_GET = do_HEAD


def answering(status, location=None):
    def page(handler):
        handler.send_response(status)
        if location:
            handler.send_header("Location", location.encode().decode("latin-1"))  # UTF-8 on the wire
        handler.send_header("Set-Cookie", "pelacak=1")
        handler.end_headers()

    return page


def only_get(status):
    def page(handler):
        answering(status if handler.command == "GET" else 405)(handler)

    return page


def huge_header(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n")


def endless_body(handler):
    handler.send_response(200 if handler.command == "GET" else 403)
    handler.end_headers()
    while True:
        handler.wfile.write(bytes(65536))


def garbage(handler):
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


def dripping(handler):
    """One byte now and then: no single wait is long, and whoever waits for all gets a good answer."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(60):
        if handler.server.stopped.wait(0.01):
            return
        handler.wfile.write(b"x")
    handler.wfile.write(b"\r\n\r\n")


def silent(handler):
    handler.server.stopped.wait(5)


class QuietServer(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request, client_address):
        """Say nothing: clients here hang up on purpose."""


@pytest.fixture
def web():
    """Run a server that stands for every host; `names` says what each resolves to, look-up by look-up.

    Afterwards every connection must be closed.
    """
    server = QuietServer(("127.0.0.1", 0), Handler)
    server.log, server.headers_seen, server.stopped = [], [], threading.Event()
    server.pages, names, asked, connected, opened = {}, {}, [], [], []

    def resolver(host):
        asked.append(host)
        found = names.get(host, [[PUBLIC]])
        return found.pop(0) if len(found) > 1 else found[0]

    def connect(address, port, timeout):
        connected.append((address, port))
        opened.append(socket.create_connection(server.server_address, timeout))
        return opened[-1]

    def run(url, **options):
        return check(url, **({"resolver": resolver, "connect": connect, "timeout": 5} | options))

    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
    thread.start()
    yield SimpleNamespace(server=server, pages=server.pages, log=server.log, names=names, asked=asked,
                          connected=connected, check=run)  # fmt: skip
    server.stopped.set()
    server.shutdown()
    thread.join()
    server.server_close()
    assert [one for one in opened if one.fileno() != -1] == []


@pytest.mark.parametrize(
    ("status", "ok", "message"),
    [
        (200, True, checking.OPENS),
        (204, True, checking.OPENS),
        (401, False, checking.SIGN_IN),
        (403, False, checking.SIGN_IN),
        (404, False, checking.NOT_FOUND),
        (410, False, checking.NOT_FOUND),
        (418, False, checking.OTHER_STATUS),
        (304, False, checking.OTHER_STATUS),
        (302, False, checking.OTHER_STATUS),
        (503, False, checking.TROUBLED),
    ],
)
def test_the_answer_is_said_in_words(web, status, ok, message):
    web.pages["/x"] = answering(status)
    assert web.check("http://contoh.go.id/x") == LinkResult(ok, status, message)


def test_one_head_asks_with_the_name_and_goes_to_the_address_that_was_found(web):
    web.pages["/x?a=1"] = answering(200)
    assert web.check("http://contoh.go.id/x?a=1#bagian").ok
    assert web.log == [("HEAD", "/x?a=1", "contoh.go.id")]
    assert (web.asked, web.connected) == (["contoh.go.id"], [(PUBLIC, 80)])


def test_a_server_that_dislikes_head_is_asked_with_get_and_not_looked_up_again(web):
    web.pages["/"] = only_get(200)
    assert web.check("http://contoh.go.id").ok
    assert [method for method, _, _ in web.log] == ["HEAD", "GET"]
    assert (web.asked, web.connected) == (["contoh.go.id"], [(PUBLIC, 80)] * 2)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], [PUBLIC, "10.0.0.1"], [PUBLIC, "::ffff:169.254.169.254"], ["fd00::1", PUBLIC_TOO], ["224.0.0.1"]],
)
def test_one_address_that_is_not_public_is_enough_to_ask_none(web, addresses):
    web.names["contoh.go.id"] = [addresses]
    assert web.check("http://contoh.go.id/") == LinkResult(False, None, checking.INTERNAL)
    assert (web.connected, web.log) == ([], [])


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "192.168.1.1", "[::ffff:10.0.0.1]", "localhost"])
def test_addresses_written_in_the_link_are_judged_alike_with_the_real_resolver(web, host):
    result = web.check(f"http://{host}/", resolver=checking.resolve)
    assert result == LinkResult(False, None, checking.INTERNAL)
    assert web.connected == []


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("http://dalam.go.id/", checking.INTERNAL),
        ("http://169.254.169.254/latest", checking.INTERNAL),
        ("http://contoh.go.id:8080/", checking.BAD_PORT),
        ("ftp://contoh.go.id/", checking.BAD_REDIRECT),
        ("file:///etc/passwd", checking.BAD_REDIRECT),
        ("http://a:b@contoh.go.id/", checking.BAD_REDIRECT),
        ("http://[::1/", checking.BAD_REDIRECT),
        ("http://contoh.go.id/a b", checking.BAD_REDIRECT),
    ],
)
def test_a_redirect_is_checked_from_the_start(web, target, message):
    web.names["dalam.go.id"] = [["10.0.0.1"]]
    web.names["169.254.169.254"] = [["169.254.169.254"]]
    web.pages["/x"] = answering(302, target)
    assert web.check("http://contoh.go.id/x") == LinkResult(False, 302, message)
    assert web.connected == [(PUBLIC, 80)]
    assert len(web.log) == 1


def test_a_name_that_changes_its_address_is_looked_up_again_only_after_a_redirect(web):
    """Rebinding: whatever the name says next, the connection goes to the address that was judged."""
    web.names["contoh.go.id"] = [[PUBLIC], ["127.0.0.1"]]
    web.pages["/"] = only_get(200)
    assert web.check("http://contoh.go.id/").ok
    assert web.connected == [(PUBLIC, 80)] * 2
    web.names["contoh.go.id"] = [[PUBLIC], ["127.0.0.1"]]
    web.pages["/"] = answering(302, "/lagi")
    assert web.check("http://contoh.go.id/") == LinkResult(False, 302, checking.INTERNAL)


def test_redirects_are_followed_relative_and_without_cookies(web):
    web.pages |= {"/a": answering(301, "b"), "/b": answering(302, "//lain.go.id/é"), "/%C3%A9": answering(200)}
    assert web.check("http://contoh.go.id/a") == LinkResult(True, 200, checking.OPENS)
    assert web.log == [
        ("HEAD", "/a", "contoh.go.id"), ("HEAD", "/b", "contoh.go.id"), ("HEAD", "/%C3%A9", "lain.go.id"),
    ]  # fmt: skip
    assert all("Cookie" not in headers for headers in web.server.headers_seen)


def test_four_redirects_are_followed_and_a_loop_ends(web):
    web.pages |= {f"/{n}": answering(307, f"/{n + 1}") for n in range(4)} | {"/4": answering(200)}
    assert web.check("http://contoh.go.id/0").ok
    web.pages["/4"] = answering(308, "/0")
    web.log.clear()
    assert web.check("http://contoh.go.id/0") == LinkResult(False, 308, checking.TOO_MANY)
    assert len(web.log) == 5


def test_a_file_that_is_not_shared_is_told_from_one_that_opens(web):
    web.pages["/d/1"] = answering(302, "http://accounts.google.com/masuk")
    web.pages["/masuk"] = answering(200)
    assert web.check("http://drive.google.com/d/1") == LinkResult(False, 200, checking.SIGN_IN)


@pytest.mark.parametrize("page", [silent, dripping])
def test_a_slow_server_is_left_in_time(web, page):
    web.pages["/"] = page
    assert web.check("http://contoh.go.id/", timeout=0.1) == LinkResult(False, None, checking.TOO_SLOW)


def test_a_slow_name_server_is_left_in_time(web):
    released, waited_out = threading.Event(), []

    def resolver(host):
        if not released.wait(1):
            waited_out.append(host)
        return [PUBLIC]

    result = web.check("http://contoh.go.id/", timeout=0.02, resolver=resolver)
    released.set()
    assert (result, web.connected, waited_out) == (LinkResult(False, None, checking.TOO_SLOW), [], [])


def test_the_time_is_for_all_redirects_together(web, monkeypatch):
    clock = SimpleNamespace(now=0.0, monotonic=lambda: clock.now)
    monkeypatch.setattr(fetch, "time", clock)

    def slow_redirect(handler):
        clock.now += 3
        answering(302, "/")(handler)

    web.pages["/"] = slow_redirect
    assert web.check("http://contoh.go.id/", timeout=8) == LinkResult(False, 302, checking.TOO_SLOW)
    assert len(web.log) == 3


@pytest.mark.parametrize("page", [huge_header, garbage])
def test_an_answer_that_is_no_http_is_told(web, page):
    web.pages["/"] = page
    assert web.check("http://contoh.go.id/") == LinkResult(False, None, checking.UNREACHABLE)


def test_a_body_is_not_read(web):
    web.pages["/"] = endless_body
    assert web.check("http://contoh.go.id/").ok


@pytest.mark.parametrize("found", [[], OSError("no such host"), UnicodeError("label too long")])
def test_a_name_that_leads_nowhere_is_told(web, found):
    def resolver(host):
        if isinstance(found, Exception):
            raise found
        return found

    assert web.check("http://contoh.go.id/", resolver=resolver) == LinkResult(False, None, checking.NO_SUCH_HOST)


def test_the_next_address_is_tried_where_one_does_not_answer(web):
    web.names["contoh.go.id"] = [[PUBLIC_TOO, PUBLIC]]
    web.pages["/"] = answering(200)

    def connect(address, port, timeout):
        if address == PUBLIC_TOO:
            raise OSError("unreachable")
        return socket.create_connection(web.server.server_address, timeout)

    assert web.check("http://contoh.go.id/", connect=connect).ok


def test_a_server_nobody_reaches_is_told(web):
    def connect(address, port, timeout):
        raise ConnectionRefusedError

    assert web.check("http://contoh.go.id/", connect=connect) == LinkResult(False, None, checking.UNREACHABLE)


def test_proxies_of_the_environment_are_not_used(web, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9/")
    web.pages["/"] = answering(200)
    assert web.check("http://contoh.go.id/").ok
    assert web.log == [("HEAD", "/", "contoh.go.id")]


@pytest.mark.parametrize(
    ("url", "message"),
    [("http://contoh.go.id:22/", checking.BAD_PORT), ("javascript:alert(1)", address.BAD_SCHEME)],
)
def test_what_is_not_asked_is_told_without_a_look_up(web, url, message):
    assert web.check(url) == LinkResult(False, None, message)
    assert (web.asked, web.connected) == ([], [])


@pytest.fixture
def secure_web(web, tmp_path, monkeypatch):
    """Let the server speak TLS with the certificate above; return a function that makes the portal trust it."""
    file = tmp_path / "cocok.pem"
    file.write_text(CERTIFICATE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    web.server.socket = context.wrap_socket(web.server.socket, server_side=True)
    web.pages["/"] = answering(200)

    def trust():
        trusting = fetch.tls_context()
        trusting.load_verify_locations(file)
        monkeypatch.setattr(fetch, "tls_context", lambda: trusting)

    web.trust = trust
    return web


def test_a_certificate_for_the_name_opens(secure_web):
    secure_web.trust()
    assert secure_web.check("https://cocok.example/") == LinkResult(True, 200, checking.OPENS)
    assert (secure_web.connected, secure_web.log) == ([(PUBLIC, 443)], [("HEAD", "/", "cocok.example")])


def test_a_certificate_for_another_name_does_not(secure_web):
    secure_web.trust()
    assert secure_web.check("https://lain.example/") == LinkResult(False, None, checking.BAD_CERTIFICATE)
    assert secure_web.log == []


def test_a_certificate_nobody_vouches_for_does_not(secure_web):
    assert secure_web.check("https://cocok.example/") == LinkResult(False, None, checking.BAD_CERTIFICATE)
    assert secure_web.log == []


@pytest.mark.parametrize("enabled", [True, False])
def test_checking_is_done_where_the_setting_says_so(settings, enabled):
    settings.EVIDENCE_LINK_CHECK = enabled
    assert links.is_enabled() is enabled
