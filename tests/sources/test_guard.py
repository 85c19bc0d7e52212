"""No address of a network that is not public is reached, however it is written."""

import socket

import pytest

from bot.sources.guard import AddressRefused, guarded_socket, is_public, why_refused

NOT_PUBLIC = """
    127.0.0.1 127.8.9.1 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.170.2
    100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.1 198.51.100.1
    203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::10.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
    64:ff9b::7f00:1 64:ff9b::169.254.169.254 64:ff9b:1::7f00:1 2002:7f00:1:: 2002:a00:1::1 2002:a9fe:a9fe::
    2001:0:4136:e378:8000:63bf:80ff:fffe 2001:db8::1 100::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
    fe80::1%eth0 fec0::1 ff02::1 ff05::1:3
    127.1 2130706433 0x7f000001 0177.0.0.1 0x7f.1 017700000001 localhost example.org 1.1.1.1%lo
""".split()
PUBLIC = "1.1.1.1 93.184.216.34 2606:4700::1111 ::ffff:8.8.8.8 2002:808:808:: 64:ff9b::808:808".split()


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_host_that_is_no_public_address(host: str) -> None:
    assert not is_public(host)
    with pytest.raises(AddressRefused):
        guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, 80)))


@pytest.mark.parametrize("host", PUBLIC)
def test_address_that_anybody_can_reach(host: str) -> None:
    assert is_public(host)
    guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, 80))).close()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://example.org/a", None),
        ("http://example.org:8080/a", None),
        ("https://example.org:8443/", None),
        ("http://93.184.216.34/", None),
        ("http://[2606:4700::1111]/", None),
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("https://reader:secret@example.org/", "scheme"),
        ("http://example.org:22/", "port"),
        ("http://example.org:6379/", "port"),
        ("https:///a", "private"),
        ("http://localhost/", "private"),
        ("http://printer.local/", "private"),
        ("http://metadata.google.internal/", "private"),
        ("http://a.localhost./", "private"),
        *((f"http://{host}/", "private") for host in NOT_PUBLIC if ":" not in host and host[0].isdigit() and "%" not in host),
        *((f"http://[{host}]/", "private") for host in NOT_PUBLIC if ":" in host and "%" not in host),
    ],
)  # fmt: skip
def test_address_is_judged_before_anything_is_resolved(address: str, reason: str | None) -> None:
    assert why_refused(address) == reason
