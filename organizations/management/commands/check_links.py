"""`manage.py check_links`: which addresses of sources do not answer any more."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from lib.links import Answer, State, ask, new_session
from organizations.models import Source

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable

AT_ONCE = 16
AT_ONCE_PER_HOST = 2


class Command(BaseCommand):
    help = "Asks for each address of the sources, and names those that are dead or lead elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=int, metavar="DAYS", help="only sources changed in the last DAYS days")
        parser.add_argument("--limit", type=int, metavar="N", help="at most N addresses")
        parser.add_argument("--allow-private", action="store_true", help="ask within private networks as well")

    def handle(self, *args: Any, since: int | None, limit: int | None, allow_private: bool, **options: Any) -> None:
        for name, number in (("--since", since), ("--limit", limit)):
            if number is not None and number < 1:
                raise CommandError(f"{name} is {number}. It must be a whole number from 1 on.")
        sources = Source.objects.order_by("code")
        if since:
            sources = sources.filter(modified_at__gte=timezone.now() - timedelta(days=since))
        cited: dict[str, list[str]] = {}
        for code, *addresses in sources.values_list("code", "url", "archive_url"):
            for address in dict.fromkeys(filter(None, addresses)):
                cited.setdefault(address, []).append(code)
        asked = list(cited)[:limit]
        found: Counter[State] = Counter()
        for address, answer in zip(asked, self.answers(asked, allow_private=allow_private), strict=True):
            found[answer.state] += 1
            for code in cited[address] if answer.wrong else ():
                self.stdout.write(f"{code}: {address}: {answer.wrong}")
        told = ", ".join(f"{found[state]} {state}" for state in State)
        summary = f"Asked for {len(asked)} addresses: {told}."
        if found[State.DEAD]:
            raise CommandError(summary)
        self.stdout.write(summary)

    def answers(self, addresses: list[str], *, allow_private: bool) -> Iterable[Answer]:
        """What each address answers, in their order; no host is asked for more than two at once."""
        turns: dict[str, BoundedSemaphore] = defaultdict(lambda: BoundedSemaphore(AT_ONCE_PER_HOST))
        hosts = {address: turns[urlsplit(address).netloc.lower()] for address in addresses}

        def asked(address: str) -> Answer:
            with hosts[address], new_session(allow_private=allow_private) as session:
                return ask(session, address)

        with ThreadPoolExecutor(max_workers=AT_ONCE) as workers:
            yield from tqdm(
                workers.map(asked, addresses), total=len(addresses), unit=" addresses", leave=False, disable=None
            )
