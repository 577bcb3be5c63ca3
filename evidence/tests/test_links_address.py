import pytest

from evidence.links import BadLink, address, clean_url, is_public


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (
            "https://drive.google.com/file/d/1aB/view?usp=sharing",
            "https://drive.google.com/file/d/1aB/view?usp=sharing",
        ),
        ("  HTTP://Contoh.GO.id/A%20b ", "http://contoh.go.id/A%20b"),
        ("https://contoh.go.id", "https://contoh.go.id"),
        ("https://contoh.go.id:443/x", "https://contoh.go.id/x"),
        ("http://contoh.go.id:8080/x#a", "http://contoh.go.id:8080/x#a"),
        ("https://contoh.go.id/laporan/é?q=ü#ñ", "https://contoh.go.id/laporan/%C3%A9?q=%C3%BC#%C3%B1"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("http://intranet/zi", "http://intranet/zi"),
        ("http://192.168.1.10/zi", "http://192.168.1.10/zi"),
        ("http://[2001:DB8::0:1]:81/", "http://[2001:db8::1]:81/"),
        ("https://contoh.go.id./x", "https://contoh.go.id./x"),
        ("https://contoh.go.id/@nama", "https://contoh.go.id/@nama"),
    ],
)
def test_links_are_stored_in_one_form_and_stay_so(typed, stored):
    assert clean_url(typed) == stored
    assert clean_url(stored) == stored


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", address.EMPTY),
        ("   ", address.EMPTY),
        ("drive.google.com/x", address.BAD_SCHEME),
        ("javascript:alert(1)", address.BAD_SCHEME),
        ("data:text/html,x", address.BAD_SCHEME),
        ("file:///etc/passwd", address.BAD_SCHEME),
        ("ftp://contoh.go.id/x", address.BAD_SCHEME),
        ("//contoh.go.id/x", address.BAD_SCHEME),
        ("https://contoh.go.id/a b", address.BAD_SIGNS),
        ("https://contoh.go.id/\u00a0x", address.BAD_SIGNS),
        ("https://contoh.go.id/a\nb", address.BAD_SIGNS),
        ("https://contoh.go.id/a\x00b", address.BAD_SIGNS),
        ("https://contoh.go.id/\u202egpj", address.BAD_SIGNS),
        ("https://contoh.go.id/\ud800", address.BAD_SIGNS),
        ("https://contoh.go.id\\@jahat.example/", address.BAD_SIGNS),
        ("https://a:b@contoh.go.id/", address.CREDENTIALS),
        ("https://drive.google.com@jahat.example/", address.CREDENTIALS),
        ("https://@contoh.go.id/", address.CREDENTIALS),
        ("https://", address.BAD_HOST),
        ("https:///x", address.BAD_HOST),
        ("https:contoh.go.id", address.BAD_HOST),
        ("https://contoh..go.id/", address.BAD_HOST),
        ("https://.contoh/", address.BAD_HOST),
        ("https://-contoh.id/", address.BAD_HOST),
        ("https://con%74oh.id/", address.BAD_HOST),
        ("https://con'toh.id/", address.BAD_HOST),
        ("https://contoh.id:0/", address.BAD_HOST),
        ("https://contoh.id:/", address.BAD_HOST),
        ("https://contoh.id:65536/", address.BAD_HOST),
        ("https://contoh.id:x/", address.BAD_HOST),
        ("https://[::1/", address.BAD_HOST),
        ("https://[x]/", address.BAD_HOST),
        ("https://[fe80::1%25eth0]/", address.BAD_HOST),
        ("http://2130706433/", address.BAD_HOST),
        ("http://0x7f.1/", address.BAD_HOST),
        ("http://127.1/", address.BAD_HOST),
        ("http://0177.0.0.1/", address.BAD_HOST),
        ("https://" + "a" * 64 + ".id/", address.BAD_HOST),
        ("https://" + "a." * 130 + "id/", address.BAD_HOST),
        ("https://contoh.id/" + "x" * 1000, address.TOO_LONG),
        ("https://contoh.id/" + "é" * 300, address.TOO_LONG),
    ],
)
def test_other_links_are_refused_with_the_reason(typed, message):
    with pytest.raises(BadLink) as refused:
        clean_url(typed)
    assert str(refused.value) == message


def test_the_longest_link_fits():
    link = "https://contoh.id/" + "x" * (address.MAX_LENGTH - 18)
    assert clean_url(link) == link
    with pytest.raises(BadLink):
        clean_url(link + "x")


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "2404:6800::200e",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    ],
)  # fmt: skip
def test_what_anybody_can_reach_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",  # noqa: S104
        "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "100::1",
        "2001:db8::1", "3fff::1", "2001::1", "2001:20::1", "5f00::1", "2606:2800::1%eth0",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:224.0.0.1", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::1", "2002:a00:1::",
        "", "localhost", "8.8.8", "08.8.8.8", "8.8.8.8/32",
    ],
)  # fmt: skip
def test_everything_else_is_not(address):
    assert not is_public(address)
