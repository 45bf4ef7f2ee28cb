"""A real server on a database of its own, for what the test client cannot show: how an answer travels, and ends."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]
# As a proxy in front of it would say; without TLS the tracker answers nobody.
HEADERS = {"X-Forwarded-Proto": "https"}


class Server(NamedTuple):
    """Where it answers, the process that does, and what it has told on standard error."""

    address: str
    worker: int
    log: Path


@contextmanager
def serving(database_url, folder, *options, debug="off"):
    """gunicorn with one worker, open to visitors; `options` are further ones of gunicorn.

    As in production, or with `debug` "on" as on one's own machine, where it answers without TLS.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DEBUG": debug,
        "SECRET_KEY": "s" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_ACCESS": "on",
        "REQUIRE_MFA": "off",
    }
    log = folder / f"server-{port}.log"
    command = ["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--timeout", "600", *options]
    with log.open("w") as file:
        server = subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, *command], cwd=PROJECT, env=environment, stderr=file
        )
    try:
        while not (booted := re.search(r"Booting worker with pid: (\d+)", log.read_text())):
            assert server.poll() is None, log.read_text()
            time.sleep(0.05)
        yield Server(f"http://127.0.0.1:{port}", int(booted[1]), log)
    finally:
        server.terminate()
        server.wait()
