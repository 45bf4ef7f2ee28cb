"""Asking whether an address on the web still answers, politely and without being led into a private network."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    import socket

USER_AGENT = "election-observation-mission-tracker (checks whether the sources that it cites can still be read)"
# Seconds to connect, and to wait for the answer.
WAIT = (10, 20)
# Answers of a site that may keep programs out and let people in.
KEEPS_PROGRAMS_OUT = {401, 403, 429}


class State(StrEnum):
    FINE = "fine"
    ELSEWHERE = "leads elsewhere"
    UNCLEAR = "to open by hand"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an address, and what is wrong with it, in words."""

    state: State
    wrong: str = ""


class PrivateAddress(OSError):
    """The host is within a private network, or this machine."""


class _PublicOnly:
    """A connection that is given up before anything is said on it, if it leads into a private network.

    Looked at where it has been made: between a look at the name and the connection the name could change.
    """

    def _new_conn(self) -> socket.socket:
        connected: socket.socket = super()._new_conn()  # type: ignore[misc]
        address: Any = ipaddress.ip_address(connected.getpeername()[0].partition("%")[0])
        if not (getattr(address, "ipv4_mapped", None) or address).is_global:
            connected.close()
            raise PrivateAddress
        return connected


class _PublicHTTP(_PublicOnly, HTTPConnection):
    pass


class _PublicHTTPS(_PublicOnly, HTTPSConnection):
    pass


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTP


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


class _PublicAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PublicHTTPPool, "https": _PublicHTTPSPool}


def new_session(*, allow_private: bool = False) -> requests.Session:
    """What asks: it names itself, sends no password of this machine and takes no way round by a proxy."""
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    session.trust_env = False
    session.max_redirects = 10
    if not allow_private:
        session.mount("http://", _PublicAdapter())
        session.mount("https://", _PublicAdapter())
    return session


def ask(session: requests.Session, address: str) -> Answer:
    """Asks for the head alone, and for the whole where that is refused; of the whole nothing is read but the head."""
    answer = Answer(State.DEAD)
    for method in ("HEAD", "GET"):
        try:
            with session.request(method, address, timeout=WAIT, allow_redirects=True, stream=True) as response:
                answer = said(response)
        except requests.RequestException as error:
            answer = Answer(State.DEAD, in_words(error))
        if answer.state in {State.FINE, State.ELSEWHERE}:
            break
    return answer


def said(response: requests.Response) -> Answer:
    status = f"{response.status_code} {response.reason}".strip()
    if response.status_code in KEEPS_PROGRAMS_OUT:
        return Answer(State.UNCLEAR, f"answers {status}, perhaps to programs alone: open it by hand")
    if not response.ok:
        return Answer(State.DEAD, f"answers {status}")
    return Answer(State.ELSEWHERE, f"leads to {response.url}") if response.history else Answer(State.FINE)


def in_words(error: BaseException) -> str:
    """What went wrong on the way, in a few words."""
    causes = [error, *_causes(error)]
    if any(isinstance(cause, PrivateAddress) for cause in causes):
        return "leads into a private network, which is not asked"
    kinds = {
        requests.exceptions.SSLError: "its certificate is not valid",
        requests.exceptions.Timeout: "does not answer in time",
        requests.exceptions.TooManyRedirects: "leads in a circle",
        requests.exceptions.ConnectionError: "its host is not found, or takes no connection",
    }
    return next((words for kind, words in kinds.items() if isinstance(error, kind)), "cannot be asked for")


def _causes(error: BaseException) -> list[Any]:
    """What an error is made of: the library packs one into another in several ways."""
    inner = [error.__cause__, error.__context__, getattr(error, "reason", None), *error.args]
    found = [cause for cause in inner if isinstance(cause, BaseException)]
    return [deeper for cause in found for deeper in (cause, *_causes(cause))]
