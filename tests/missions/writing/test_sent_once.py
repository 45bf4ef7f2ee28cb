"""A POST that is sent again under its key makes no second record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from missions.models import Deployment
from organizations.models import SentOnce
from tests.api_client import ApiClient

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
BODY = {"election": "vote", "sender_country": "KZ"}


def test_what_was_sent_before_is_answered_with_what_was_made(program, vote):
    first = program.post("deployments/", BODY, Idempotency_Key=KEY)
    again = program.post("deployments/", dict(reversed(BODY.items())), Idempotency_Key=f'"{KEY}"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert (first.headers.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Deployment.objects.count() == 1


def test_without_a_key_the_same_sent_twice_makes_two(program, vote):
    for _time in range(2):
        program.post("deployments/", BODY)
    assert sorted(Deployment.objects.values_list("code", flat=True)) == ["vote-from-kz", "vote-from-kz-2"]


def test_the_answer_tells_the_record_as_it_is_now(program, vote):
    program.post("deployments/", BODY, Idempotency_Key=KEY)
    program.change("deployments/vote-from-kz/", {"remark": "By train."})
    again = program.post("deployments/", BODY, Idempotency_Key=KEY)
    assert again.json()["remark"] == "By train."


def test_one_key_is_for_one_record(program, vote):
    program.post("deployments/", BODY, Idempotency_Key=KEY)
    other = program.post("deployments/", {**BODY, "sender_country": "UZ"}, Idempotency_Key=KEY)
    assert (other.status_code, other.json()["detail"]) == (
        422,
        "This Idempotency-Key was sent with another record: make a new one for each.",
    )
    assert program.post("missions/", BODY, Idempotency_Key=KEY).status_code == 422
    assert Deployment.objects.count() == 1


def test_what_was_refused_can_be_mended_under_the_same_key(program, vote):
    assert program.post("deployments/", {**BODY, "status": "lost"}, Idempotency_Key=KEY).status_code == 400
    assert program.post("deployments/", BODY, Idempotency_Key=KEY).status_code == 201


def test_a_key_is_the_users_own(program, vote, outsider):
    program.post("deployments/", BODY, Idempotency_Key=KEY)
    other = ApiClient(outsider).post("deployments/", BODY, Idempotency_Key=KEY)
    assert (other.status_code, other.json()["code"]) == (201, "vote-from-kz-2")


def test_a_key_is_kept_for_a_day(program, vote):
    program.post("deployments/", BODY, Idempotency_Key=KEY)
    SentOnce.objects.update(at=timezone.now() - timedelta(hours=24, seconds=1))
    assert program.post("deployments/", BODY, Idempotency_Key=KEY).json()["code"] == "vote-from-kz-2"
    assert SentOnce.objects.get().code == "vote-from-kz-2"


def test_what_is_gone_since_is_not_made_again(program, vote):
    program.post("deployments/", BODY, Idempotency_Key=KEY)
    Deployment.objects.all().delete()
    again = program.post("deployments/", BODY, Idempotency_Key=KEY)
    assert (again.status_code, again.json()["detail"]) == (
        410,
        "What was made under this Idempotency-Key is gone since.",
    )


def test_of_what_was_sent_no_word_is_kept(program):
    program.post("observers/", {"family_name": "Example", "given_names": "Robin"}, Idempotency_Key=KEY)
    [kept] = SentOnce.objects.values("resource", "key", "sha256")
    assert (kept["resource"], kept["key"], len(kept["sha256"])) == ("observers", KEY, 64)


@pytest.mark.parametrize("key", ["a key", "ключ", "x" * 201, '"half'])
def test_what_is_no_key_is_refused(program, vote, key):
    answer = program.post("deployments/", BODY, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "An Idempotency-Key is 1 to 200 letters, digits and signs without spaces, such as a UUID.",
    )
    assert not Deployment.objects.exists()
