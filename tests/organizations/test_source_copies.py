"""Copies of sources: what is taken, how it is kept, who opens it, and whether quotes stand in it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organizations.models import Source, SourceCopy, text_of
from organizations.models import copies as rules
from tests.admin_pages import address_of, fill_in, refusals, told
from tests.factories import ChannelFactory, HeadCountFactory, MissionFactory, SourceFactory, UserFactory
from tests.logged import logged

NOW = datetime(2030, 7, 1, 12, tzinfo=UTC)
PDF = b"%PDF-1.7\nForty-six observers"
PAGE = "<!doctype html><title>News</title><p>“Forty&nbsp;six observers” <b>leave</b>".encode()


@pytest.fixture
def source(northland_commission):
    return SourceFactory(code="gazette-2030-06-01", owner=northland_commission, excerpt='"Forty six observers" leave')


def store(source, content, by=None, now=NOW):
    return SourceCopy.objects.store(source=source, content=content, by=by or UserFactory(), now=now)


def file(content, name="Robin Example's notes.exe", content_type="image/gif"):
    return SimpleUploadedFile(name, content, content_type)


# What is kept


def test_a_copy_is_named_after_its_source_and_its_bytes(source, coordinator):
    copy, is_new = store(source, PDF, by=coordinator)
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert is_new
    kept = SourceCopy.objects.get()
    assert (bytes(kept.content), kept.size, kept.sha256, kept.media_type) == (PDF, len(PDF), sha256, "application/pdf")
    assert (kept.name, kept.taken_at, kept.taken_by) == (f"gazette-2030-06-01-{sha256[:8]}.pdf", NOW, coordinator)
    assert kept == copy


def test_the_same_bytes_are_kept_once_for_a_source_and_may_be_a_copy_of_another(source):
    first, _new = store(source, PDF)
    assert store(source, PDF, now=NOW + timedelta(days=1)) == (first, False)
    assert store(SourceFactory(), PDF)[1]
    assert SourceCopy.objects.count() == 2


def test_a_copy_is_never_changed(source):
    copy, _new = store(source, PDF)
    copy.content = PAGE
    with pytest.raises(TypeError, match="never changed"):
        copy.save()
    assert bytes(SourceCopy.objects.get().content) == PDF


def test_a_copy_stays_when_the_account_of_who_took_it_goes(source):
    copy, _new = store(source, PDF)
    copy.taken_by.delete()
    assert SourceCopy.objects.get().taken_by is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty: choose another."),
        (
            b"PK\x03\x04\0\0",
            (
                "The file is no PDF, HTML page, text in UTF-8, or image (PNG, JPEG, WebP): "
                "print the page as PDF, or paste its text."
            ),
        ),
        (
            b"%PDF-" + b"x" * rules.BYTES_AT_MOST,
            "The file is larger than 10 MB: save the page that carries the fact by itself.",
        ),
    ],
    ids=["empty", "a type that is not kept", "too large"],
)
def test_what_is_refused_is_refused_in_a_sentence(source, content, sentence):
    with pytest.raises(ValidationError) as refused:
        store(source, content)
    assert refused.value.messages == [sentence]
    assert not SourceCopy.objects.exists()


def test_a_source_has_ten_copies_at_most(source):
    for number in range(rules.COPIES_AT_MOST):
        store(source, b"copy %d" % number)
    assert store(source, b"copy 3")[1] is False
    with pytest.raises(ValidationError) as refused:
        store(source, b"one more")
    assert refused.value.messages == ["This source has 10 copies already: remove one first."]
    assert SourceCopy.objects.count() == 10


# What is read in it


def test_the_text_of_a_source_is_that_of_its_newest_copy_that_holds_any(source):
    assert text_of(source) == ""
    store(source, b"An older text", now=NOW - timedelta(days=2))
    store(source, PAGE, now=NOW - timedelta(days=1))
    store(source, PDF, now=NOW)
    store(source, b"<!doctype html><script>1</script>", now=NOW + timedelta(days=1))
    assert text_of(source) == "News\n“Forty six observers” leave"


# In the admin


def change(client, source, **typed):
    return fill_in(client, address_of(Source, "change", source), **typed)


def test_a_file_and_a_pasted_text_are_stored_with_the_source_as_one_act(client, source, coordinator):
    client.force_login(coordinator)
    page = change(client, source, copy_file=file(PDF), copy_text="Forty six\r\nobservers", title="Observers leave")
    kept = {copy.media_type: bytes(copy.content) for copy in source.copies.all()}
    assert kept == {"application/pdf": PDF, "text/plain": b"Forty six\nobservers"}
    assert "Robin" not in page.content.decode()
    hashes = sorted(hashlib.sha256(content).hexdigest() for content in kept.values())
    record = ("sources/gazette-2030-06-01", "changed")
    said = {"title": ["Observers arrive", "Observers leave"], "copies": [[], hashes]}
    assert logged() == [("admin", "coordinator", [(*record, said)])]
    history = client.get(address_of(Source, "history", source)).content.decode()
    assert all(sha256 in history for sha256 in hashes)


def test_a_new_source_comes_with_its_copy(client, coordinator, northland_commission):
    client.force_login(coordinator)
    fill_in(client, address_of(Source, "add"), title="Observers leave", publisher="Gazette", copy_file=file(PAGE))
    assert Source.objects.get(publisher="Gazette").copies.get().media_type == "text/html"
    [(_door, _by, [(_record, action, said)])] = logged()
    assert (action, said["copies"]) == ("created", [None, [hashlib.sha256(PAGE).hexdigest()]])


def test_removing_a_copy_is_part_of_the_act_and_leaves_the_others(client, source, coordinator):
    gone, stays = store(source, PDF)[0], store(source, PAGE)[0]
    client.force_login(coordinator)
    change(client, source, removed_copies=[gone.sha256])
    assert list(source.copies.all()) == [stays]
    [(_door, _by, [(_record, _action, said)])] = logged()
    assert said == {"copies": [sorted([gone.sha256, stays.sha256]), [stays.sha256]]}


def test_nothing_is_stored_and_nothing_logged_where_nothing_is_sent(client, source, coordinator):
    store(source, PDF)
    client.force_login(coordinator)
    change(client, source, copy_text=" \r\n ")
    assert (source.copies.count(), logged()) == (1, [])


def test_the_same_file_again_is_told(client, source, coordinator):
    store(source, PDF)
    client.force_login(coordinator)
    page = change(client, source, copy_file=file(PDF))
    assert told(page)["info"] == ["This copy is kept already, since 2030-07-01. It was not stored twice."]
    assert source.copies.count() == 1


def test_a_refused_file_stands_at_its_box_and_nothing_is_saved(client, source, coordinator):
    client.force_login(coordinator)
    page = change(client, source, copy_file=file(b"MZ\0\0", name="page.pdf"), title="Other")
    assert refusals(page)["copy_file"][0].startswith("The file is no PDF")
    source.refresh_from_db()
    assert (source.title, source.copies.count()) == ("Observers arrive", 0)


def test_an_eleventh_copy_is_refused_at_its_box_unless_one_is_removed(client, source, coordinator):
    copies = [store(source, b"copy %d" % number)[0] for number in range(rules.COPIES_AT_MOST)]
    client.force_login(coordinator)
    page = change(client, source, copy_file=file(PDF))
    assert refusals(page)["copy_file"] == ["This source has 10 copies already: remove one first."]
    change(client, source, copy_file=file(PDF), removed_copies=[copies[0].sha256])
    assert source.copies.count() == 10
    assert source.copies.filter(media_type="application/pdf").exists()


def test_no_copy_of_another_source_is_removed(client, source, coordinator):
    other = store(SourceFactory(), PAGE)[0]
    store(source, PDF)
    client.force_login(coordinator)
    page = change(client, source, removed_copies=[other.sha256])
    assert "removed_copies" in refusals(page)
    assert SourceCopy.objects.count() == 2


def test_nobody_but_who_keeps_the_source_removes_a_copy(client, source, outsider):
    copy, _new = store(source, PDF)
    client.force_login(outsider)
    client.post(address_of(Source, "change", source), {"removed_copies": [copy.sha256]})
    assert source.copies.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(PAGE, "Found in the copy."), (b"Forty-seven left.", "Not found in the copy."), (PDF, "")],
)
def test_the_form_says_whether_the_excerpt_stands_in_the_copy(client, source, coordinator, content, words):
    store(source, content)
    client.force_login(coordinator)
    page = client.get(address_of(Source, "change", source)).content.decode()
    said = {sentence for sentence in ("Found in the copy.", "Not found in the copy.") if f">{sentence}<" in page}
    assert said == ({words} if words else set())


# Who opens it


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 200), ("outsider", 200), ("administrator", 200), ("viewer", 404), ("deactivated", 404)],
)
def test_a_copy_is_opened_by_those_who_enter_data(client, source, public_access, who, status, request):
    copy, _new = store(source, PDF)
    client.force_login(request.getfixturevalue(who))
    assert client.get(copy.get_absolute_url()).status_code == status


def test_no_visitor_opens_a_copy(client, source, public_access):
    copy, _new = store(source, PDF)
    assert client.get(source.get_absolute_url()).status_code == 200
    assert client.get(copy.get_absolute_url()).status_code == 404


def test_a_copy_is_found_at_its_own_source_alone(client, source, coordinator):
    copy, _new = store(source, PDF)
    client.force_login(coordinator)
    assert client.get(reverse("source-copy", args=[SourceFactory().code, copy.sha256])).status_code == 404


def test_a_copy_is_handed_over_as_a_file_that_can_do_nothing(client, source, coordinator):
    copy, _new = store(source, PAGE)
    client.force_login(coordinator)
    answer = client.get(copy.get_absolute_url())
    assert answer.content == PAGE
    headers = ("Content-Type", "Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options")
    assert [answer[name] for name in (*headers, "Cache-Control")] == [
        "text/html",
        f'attachment; filename="{copy.name}"',
        "sandbox; default-src 'none'",
        "nosniff",
        "no-store",
    ]
    assert client.post(copy.get_absolute_url()).status_code == 405


# On the page of the source


@pytest.fixture
def facts(source):
    """One count with a quote that stands in the page, one with a quote that does not, and a channel."""
    mission = MissionFactory(sources=[source])
    HeadCountFactory(mission=mission, source=source, excerpt="Forty … observers")
    HeadCountFactory(mission=mission, source=source, excerpt="forty-seven", kind="announced")
    ChannelFactory(source=source, as_named="observers")


def marks(page):
    return [page.count(words) for words in ("(found in the copy)", "(not found in the copy)")]


def test_who_enters_data_sees_which_quotes_stand_in_the_copy(client, source, facts, coordinator):
    store(source, PAGE)
    client.force_login(coordinator)
    assert marks(client.get(source.get_absolute_url()).content.decode()) == [3, 1]


def test_others_see_that_there_is_a_copy_and_nothing_of_what_is_in_it(client, source, facts, public_access):
    copy, _new = store(source, PAGE)
    page = client.get(source.get_absolute_url()).content.decode()
    assert marks(page) == [0, 0]
    assert copy.sha256 in page
    assert f"HTML, {len(PAGE)} bytes, 2030-07-01." in page.replace("\u00a0", " ")
    assert copy.name not in page
    assert copy.get_absolute_url() not in page


def test_the_api_tells_nothing_of_copies(client, source, public_access):
    copy, _new = store(source, PAGE)
    answer = client.get(reverse("api:sources-detail", args=[source.code]))
    assert answer.status_code == 200
    assert copy.sha256 not in answer.content.decode()
