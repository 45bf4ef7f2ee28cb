"""`manage.py check_links`, asking a real server on this machine."""

from __future__ import annotations

from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, BrokenBarrierError, Lock, Thread

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lib.links import USER_AGENT
from organizations.models import Source
from tests.factories import SourceFactory

pytestmark = pytest.mark.django_db


class Site(BaseHTTPRequestHandler):
    """Answers by the path: /200 with 200, /moved leads to /200, /circle to itself, /no-head takes only GET."""

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        server = self.server
        with server.lock:
            server.asked.append((self.command, self.path, self.headers["User-Agent"]))
            server.now += 1
            server.most = max(server.most, server.now)
        if self.path.startswith("/together"):
            # Two wait here for a third, who should not come and would be seen in `most`.
            server.meet()
        path = self.path.strip("/")
        leads_to = {"moved": "/200", "circle": "/circle"}.get(path)
        status = 302 if leads_to else 405 if (path, self.command) == ("no-head", "HEAD") else 200
        self.send_response(int(path) if path.isdecimal() else status)
        if leads_to:
            self.send_header("Location", leads_to)
        self.send_header("Content-Length", "0")
        with server.lock:
            server.now -= 1
        self.end_headers()

    def log_message(self, *_said):
        """Nothing is printed."""


class Server(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Site)
        self.lock, self.asked, self.now, self.most, self.barrier = Lock(), [], 0, 0, Barrier(3)
        self.address = f"http://127.0.0.1:{self.server_port}"

    def meet(self):
        try:
            self.barrier.wait(timeout=1)
        except BrokenBarrierError:
            return


@pytest.fixture
def site():
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def check(capsys, *options):
    """The lines printed, and whether anything is dead."""
    try:
        call_command("check_links", *options)
        refused = ""
    except CommandError as error:
        refused = str(error)
    return [*capsys.readouterr().out.splitlines(), *([refused] if refused else [])], bool(refused)


def test_dead_and_redirected_addresses_are_named_and_live_ones_are_not(site, capsys):
    at = site.address
    SourceFactory(code="alive", url=f"{at}/200", archive_url=f"{at}/no-head")
    SourceFactory(code="gone", url=f"{at}/404", archive_url=f"{at}/moved")
    SourceFactory(code="keeps-out", url=f"{at}/403")
    SourceFactory(code="on-paper")
    SourceFactory(code="round", url=f"{at}/circle")
    assert check(capsys, "--allow-private") == (
        [
            f"gone: {at}/404: answers 404 Not Found",
            f"gone: {at}/moved: leads to {at}/200",
            f"keeps-out: {at}/403: answers 403 Forbidden, perhaps to programs alone: open it by hand",
            f"round: {at}/circle: leads in a circle",
            "Asked for 6 addresses: 2 fine, 1 leads elsewhere, 1 to open by hand, 2 dead.",
        ],
        True,
    )
    asked = {(method, path) for method, path, _agent in site.asked}
    assert {("HEAD", "/200"), ("HEAD", "/no-head"), ("GET", "/no-head"), ("GET", "/404")} <= asked
    assert ("GET", "/200") not in asked
    assert {agent for _method, _path, agent in site.asked} == {USER_AGENT}
    assert "tracker" in USER_AGENT


def test_where_nothing_is_dead_all_is_well(site, capsys):
    SourceFactory(url=f"{site.address}/200")
    assert check(capsys, "--allow-private") == (
        ["Asked for 1 addresses: 1 fine, 0 leads elsewhere, 0 to open by hand, 0 dead."],
        False,
    )


def test_an_address_that_several_sources_cite_is_asked_for_once_and_told_for_each(site, capsys):
    for code in ("one", "two"):
        SourceFactory(code=code, url=f"{site.address}/410")
    lines, _dead = check(capsys, "--allow-private")
    assert [line.partition(":")[0] for line in lines[:2]] == ["one", "two"]
    assert [method for method, _path, _agent in site.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_nothing_is_said_to_a_host_within_a_private_network(site, capsys, host):
    address = f"http://{host}:{site.server_port}/200"
    SourceFactory(code="inside", url=address)
    lines, is_dead = check(capsys)
    assert lines[0] == f"inside: {address}: leads into a private network, which is not asked"
    assert (is_dead, site.asked) == (True, [])


def test_a_host_that_takes_no_connection_is_dead(capsys):
    with Server() as server:
        address = f"{server.address}/200"
    SourceFactory(code="down", url=address)
    lines, is_dead = check(capsys, "--allow-private")
    assert (lines[0], is_dead) == (f"down: {address}: its host is not found, or takes no connection", True)


def test_a_host_that_speaks_no_tls_where_it_should_is_dead(site, capsys):
    address = f"https://127.0.0.1:{site.server_port}/200"
    SourceFactory(code="tls", url=address)
    lines, is_dead = check(capsys, "--allow-private")
    assert (lines[0], is_dead) == (f"tls: {address}: its certificate is not valid", True)


def test_a_host_is_asked_for_two_addresses_at_once_and_no_more(site, capsys):
    for number in range(6):
        SourceFactory(url=f"{site.address}/together/{number}")
    _lines, is_dead = check(capsys, "--allow-private")
    assert (is_dead, len(site.asked), site.most) == (False, 6, 2)


def test_since_and_limit_choose_what_is_asked(site, capsys):
    SourceFactory(code="a", url=f"{site.address}/200", archive_url=f"{site.address}/204")
    old = SourceFactory(code="b", url=f"{site.address}/404")
    Source.objects.filter(pk=old.pk).update(modified_at=timezone.now() - timedelta(days=8))
    assert check(capsys, "--allow-private", "--since=7") == (
        ["Asked for 2 addresses: 2 fine, 0 leads elsewhere, 0 to open by hand, 0 dead."],
        False,
    )
    assert check(capsys, "--allow-private", "--limit=1")[0][0].startswith("Asked for 1 addresses")
    assert check(capsys, "--limit=0") == (["--limit is 0. It must be a whole number from 1 on."], True)
