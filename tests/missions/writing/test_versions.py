"""No edit is lost: a change is made onto the version that the program has read, or refused with the present one."""

import pytest

from missions.models import Deployment
from tests.api_client import ApiClient
from tests.factories import OrganizationNameFactory, SourceFactory, StatementFactory


def test_a_change_says_which_version_it_changes(program, party):
    for answer in (
        program.patch("deployments/party/", {"status": "deployed"}),
        program.put("deployments/party/", {"election": "vote", "sender_country": "KZ"}),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (428, "application/problem+json")
        assert answer.json()["detail"] == "Send If-Match with the ETag of the version that you have read."
    party.refresh_from_db()
    assert party.status == "announced"


def test_a_change_of_what_somebody_has_changed_since_is_refused_with_the_present_version(program, party):
    tag = program.tag("deployments/party/")
    assert program.patch("deployments/party/", {"status": "deployed"}, If_Match=tag).status_code == 200
    late = program.patch("deployments/party/", {"status": "cancelled"}, If_Match=tag)
    assert late.status_code == 412
    assert late.json()["detail"] == "The record has changed since you read it: read it again, then change it."
    assert late["ETag"] == program.tag("deployments/party/") != tag
    assert program.patch("deployments/party/", {"status": "cancelled"}, If_Match=late["ETag"]).status_code == 200


@pytest.mark.parametrize(
    "address", ["deployments/party/?language=kk", "deployments/party/?fields=code", "deployments/party/?fields=status"]
)
def test_the_version_is_the_same_in_any_language_and_with_any_fields(program, party, address):
    tag = program.tag(address)
    assert tag != program.tag("deployments/party/")
    assert program.patch("deployments/party/", {"status": "deployed"}, If_Match=tag).status_code == 200


def test_a_proxy_may_make_the_tag_a_weak_one_and_several_can_be_named(program, party):
    tag = program.tag("deployments/party/")
    answer = program.patch("deployments/party/", {"status": "deployed"}, If_Match=f'"other", W/{tag}')
    assert answer.status_code == 200


@pytest.mark.parametrize("tag", ['"x"', "x", "W/", '""', "0" * 20])
def test_what_is_no_tag_of_ours_is_no_version_of_the_record(program, party, tag):
    assert program.patch("deployments/party/", {"status": "deployed"}, If_Match=tag).status_code == 412


def test_a_star_stands_for_whichever_version_there_is(program, party):
    assert program.patch("deployments/party/", {"status": "deployed"}, If_Match="*").status_code == 200


def test_a_version_of_what_is_not_there_is_stale(program, vote):
    body = {"election": "vote", "sender_country": "KZ"}
    for tag in ("*", f'"{20 * "0"}"'):
        assert program.put("deployments/party/", body, If_Match=tag).status_code == 412
    assert not Deployment.objects.exists()


def test_put_can_be_kept_from_replacing_anything(program, party):
    body = {"election": "vote", "sender_country": "KZ"}
    answer = program.put("deployments/party/", body, If_None_Match="*")
    assert (answer.status_code, answer.json()["detail"]) == (412, "There is a record with this code already.")
    assert program.put("deployments/other/", body, If_None_Match="*").status_code == 201
    answer = program.put("deployments/third/", body, If_None_Match=program.tag("deployments/party/"))
    sentence = "If-None-Match can only be * here: replace nothing. If-Match says which version you change."
    assert (answer.status_code, answer.json()["detail"]) == (400, sentence)
    assert program.get("deployments/third/").status_code == 404


def test_a_change_of_something_else_makes_no_version_stale(program, party, paper, northland_commission):
    tag = program.tag("deployments/party/")
    body = {"deployment": "party", "kind": "announced", "value": 46, "as_of": "2030-05-30", "source": "gazette"}
    program.post("head-counts/", body)
    StatementFactory(subject="deployments/party", field="status", value="deployed", source=paper)
    present = program.tag("deployments/party/")
    assert (present != tag, present.partition(".")[0]) == (True, tag.partition(".")[0])
    assert program.patch("deployments/party/", {"status": "deployed"}, If_Match=tag).status_code == 200


# What a client has already is not sent again


def test_a_record_that_a_client_has_is_not_sent_again(client, party):
    read = client.get("/api/v1/deployments/party/")
    again = client.get("/api/v1/deployments/party/", headers={"If-None-Match": read["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", read["ETag"])
    Deployment.objects.filter(pk=party.pk).update(remark="By air.")
    assert client.get("/api/v1/deployments/party/", headers={"If-None-Match": read["ETag"]}).status_code == 200


def test_a_page_of_a_list_that_a_client_has_is_not_sent_again(client, party, vote):
    address = "/api/v1/deployments/?sender_country=KZ"
    read = client.get(address)
    assert client.get(address, headers={"If-None-Match": f"W/{read['ETag']}"}).status_code == 304
    assert client.get(f"{address}&language=ru", headers={"If-None-Match": read["ETag"]}).status_code == 200


def test_a_new_name_of_the_sender_is_another_answer_of_the_same_version(client, program, party, northland_commission):
    party.sender = northland_commission
    party.save()
    before = client.get("/api/v1/deployments/party/")["ETag"]
    northland_commission.names.all().delete()
    OrganizationNameFactory(organization=northland_commission, name="Commission of the North", language="en")
    after = client.get("/api/v1/deployments/party/")["ETag"]
    assert after != before
    assert after.partition(".")[0] == before.partition(".")[0]


def test_a_tag_tells_nothing_of_what_its_reader_may_not_see(client, party, program, southland_ministry):
    """A visitor's tag stays when something internal is written about a public record."""
    before = client.get("/api/v1/deployments/party/")["ETag"]
    party.sources.add(SourceFactory(code="memo", public=False))
    Deployment.objects.filter(pk=party.pk).update(internal_note="Ask the embassy.")
    assert client.get("/api/v1/deployments/party/")["ETag"] == before
    assert program.tag("deployments/party/") != before


def test_readings_and_counts_of_choices_are_not_sent_again_either(client, party):
    for path in ("deployments/party/reconciliation/", "deployments/facets/", "deployments/matrix/"):
        read = client.get(f"/api/v1/{path}")
        assert client.get(f"/api/v1/{path}", headers={"If-None-Match": read["ETag"]}).status_code == 304


def test_each_reader_has_tags_of_their_own_answer(party, viewer, program):
    program.client.get("/")
    assert ApiClient(viewer, scope="read").tag("deployments/party/") == program.tag("deployments/party/")


def test_what_a_cache_keeps_for_visitors_is_not_for_who_sends_a_token(client, party, program):
    for address in ("deployments/", "deployments/party/", "changes/", "releases/", ""):
        visitors, members = client.get(f"/api/v1/{address}"), program.get(address)
        assert "Authorization" in visitors["Vary"]
        assert (visitors.get("Cache-Control"), members["Cache-Control"]) == (None, "no-store")
