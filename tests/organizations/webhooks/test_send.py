"""Where messages may go, and what a receiver may answer, over real sockets (API-6)."""

import socket
import threading
import time

import pytest
from pytest_django import Settings

from organizations.webhooks import transport
from organizations.webhooks.addresses import is_public, read_address
from organizations.webhooks.errors import AddressRefused
from organizations.webhooks.transport import send
from tests.factories.webhooks import running_program

PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"]
PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.1.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]
REFUSED = [
    "",
    "http://hooks.example.com/",
    "ftp://hooks.example.com/",
    "javascript:alert(1)",
    "//hooks.example.com/",
    "https:///path",
    "https://hooks.example.com:22/",
    "https://hooks.example.com:99999/",
    "https://user:word@hooks.example.com/",
    "https://hooks.example.com/#part",
    "https://hooks.example.com/a b",
    "https://hooks.example.com/\r\nX: y",
    "https://localhost/",
    "https://intranet/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://127.1/",
    "https://0177.0.0.01/",
    "https://127.0.0.0x1/",
    "https://8.8.8.8/",
    "https://hooks..example.com/",
    "https://h\u00f6\u00f6ks.example.com/",
    "https://hooks.example.com\\@intranet/",
    "https://hooks.example.com/" + "a" * 500,
]


def test_only_public_addresses_are_public():
    """API-6: also those that are translated to another address on the way."""
    assert [address for address in PUBLIC if not is_public(address)] == []
    assert [address for address in PRIVATE if is_public(address)] == []


def test_only_https_names_are_taken(settings: Settings):
    """API-6"""
    settings.WEBHOOKS_TO_LOOPBACK = False
    taken = []
    for url in REFUSED:
        try:
            read_address(url)
        except AddressRefused:
            continue
        taken.append(url)
    assert taken == []
    place = read_address("https://Hooks.example.com:8443/a?b=c")
    assert (place.host, place.port, place.target) == ("hooks.example.com", 8443, "/a?b=c")
    assert read_address("https://hooks.example.com").target == "/"


def test_this_machine_only_where_the_settings_say(settings: Settings):
    """API-6"""
    with running_program() as program:
        settings.WEBHOOKS_TO_LOOPBACK = False
        assert send(url=program.url, body=b"{}", headers={}).error == "address_refused"
        assert program.got == []
        settings.WEBHOOKS_TO_LOOPBACK = True
        assert send(url=program.url, body=b"{}", headers={}).status == 200


@pytest.mark.parametrize("where", ["127.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_a_name_that_leads_inside_is_refused(settings: Settings, where: str):
    """API-6: by the address that it leads to at that moment, one private among public ones is enough."""
    with running_program() as program:
        settings.WEBHOOK_PORTS = {program.server.server_port}
        url = f"https://hooks.example.com:{program.server.server_port}/hook"
        found = [[where], ["8.8.8.8", where]]
        for _ in range(2):
            answer = send(url=url, body=b"{}", headers={}, resolver=lambda *_: found.pop())
            assert answer.error == "address_refused"
    assert program.got == []


def test_a_name_that_changes_is_asked_once(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    """API-6: DNS rebinding. The connection goes to the checked address; where it went is checked again."""
    with running_program() as program:
        port = program.server.server_port
        settings.WEBHOOK_PORTS = {port}
        asked: list[str] = []
        went: list[str] = []

        def resolver(host: str, _port: int) -> list[str]:
            asked.append(host)
            return ["8.8.8.8"] if len(asked) == 1 else ["127.0.0.1"]

        def connect(address: tuple[str, int], timeout: float) -> socket.socket:
            went.append(address[0])
            # A network that carries the public address to this machine.
            return real(("127.0.0.1", port), timeout=timeout)

        real = socket.create_connection
        monkeypatch.setattr(transport.socket, "create_connection", connect)
        url = f"https://hooks.example.com:{port}/hook"
        assert send(url=url, body=b"{}", headers={}, resolver=resolver).error == "address_refused"
    assert (asked, went, program.got) == (["hooks.example.com"], ["8.8.8.8"], [])


def test_redirects_are_answers():
    """API-6: nobody is followed anywhere."""
    with running_program() as inside, running_program() as program:
        program.statuses, program.headers = [302], {"Location": inside.url}
        answer = send(url=program.url, body=b"{}", headers={})
        assert (answer.status, answer.is_taken, inside.got) == (302, False, [])


def test_proxies_of_the_surroundings_are_ignored(monkeypatch: pytest.MonkeyPatch):
    """API-6"""
    with running_program() as proxy, running_program() as program:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        assert send(url=program.url, body=b"{}", headers={}).is_taken
        assert proxy.got == []


def test_keeps_two_kilobytes_of_the_answer():
    """API-6: without what a database cannot keep."""
    with running_program() as program:
        program.statuses, program.answer = [500], b"\0\xff" + b"a" * 100_000
        answer = send(url=program.url, body=b"{}", headers={})
        assert answer.status == 500
        assert answer.text == "\ufffd\ufffd" + "a" * 2046


def test_who_sends_drop_by_drop_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    """API-6: the whole exchange has its time, not each byte of it."""
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 1)
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        taken, _ = listener.accept()
        with taken:
            try:
                taken.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not over.wait(0.1):
                    taken.sendall(b"a")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        answer = send(url=f"http://127.0.0.1:{listener.getsockname()[1]}/", body=b"{}", headers={})
        over.set()
        thread.join()
    assert (answer.status, answer.error) == (None, "timeout")


def test_a_name_that_takes_its_time_gains_none(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    """API-6: whoever has the address of a name wait is cut off as well, and not connected to any more."""
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.2)
    settings.WEBHOOK_PORTS = {443}
    went: list[object] = []

    def resolver(_host: str, _port: int) -> list[str]:
        time.sleep(0.4)
        return ["8.8.8.8"]

    def connect(address: object, timeout: float) -> socket.socket:
        went.append(address)
        raise OSError

    monkeypatch.setattr(transport.socket, "create_connection", connect)
    answer = send(url="https://hooks.example.com/", body=b"{}", headers={}, resolver=resolver)
    assert (answer.error, went) == ("timeout", [])


def test_a_certificate_that_nobody_signed_is_refused(settings: Settings):
    """API-6: over TLS with a program that speaks none."""
    with running_program() as program:
        url = program.url.replace("http://", "https://")
        answer = send(url=url, body=b"{}", headers={})
        assert answer.error == "certificate"
    assert program.got == []


def test_nobody_there_is_no_connection():
    """API-6"""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert send(url=f"http://127.0.0.1:{port}/", body=b"{}", headers={}).error == "connection"
