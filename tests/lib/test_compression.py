"""What is sent compressed, and what is left as it is."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from lib.compression import CompressionMiddleware

TEXT = b"Northland sends observers. " * 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answered(response, accepts="gzip, deflate"):
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepts})
    return CompressionMiddleware(lambda _request: response)(request)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html; charset=utf-8",
        "text/csv; charset=utf-8; header=present",
        "text/calendar",
        "application/json",
        "application/problem+json",
        "application/x-ndjson",
        "application/vnd.oai.openapi; charset=utf-8",
    ],
)
def test_text_is_compressed_for_whoever_takes_it_so(content_type):
    answer = answered(HttpResponse(TEXT, content_type=content_type))
    assert (answer["Content-Encoding"], answer["Vary"]) == ("gzip", "Accept-Encoding")
    assert answer["Content-Length"] == str(len(answer.content))
    assert len(answer.content) < len(TEXT) / 2
    assert gzip.decompress(answer.content) == TEXT
    plain = answered(HttpResponse(TEXT, content_type=content_type), accepts="br")
    assert (plain.content, plain["Vary"], "Content-Encoding" in plain) == (TEXT, "Accept-Encoding", False)


@pytest.mark.parametrize("content_type", [XLSX, "application/zip", "application/pdf", "image/png", "image/webp"])
def test_what_is_compressed_already_keeps_its_length_and_no_cache_is_told_of_encodings(content_type):
    answer = answered(HttpResponse(TEXT, headers={"Content-Type": content_type, "Content-Length": "2700"}))
    assert answer.content == TEXT
    assert answer.headers == {"Content-Type": content_type, "Content-Length": "2700"}


def test_the_length_of_the_same_text_differs_from_answer_to_answer():
    lengths = {len(answered(HttpResponse(TEXT, content_type="text/html")).content) for _ in range(50)}
    assert len(lengths) > 10


def test_what_is_sent_while_it_is_read_goes_on_being_sent_so():
    read = []

    def chunks():
        for number in range(3):
            read.append(number)
            yield TEXT

    answer = answered(StreamingHttpResponse(chunks(), content_type="text/csv", headers={"X-Row-Count": "3"}))
    sent = iter(answer.streaming_content)
    begun = next(sent)
    assert (read, answer["X-Row-Count"], answer["Content-Encoding"]) == ([], "3", "gzip")
    assert gzip.decompress(begun + b"".join(sent)) == TEXT * 3
    assert read == [0, 1, 2]


def test_a_stream_that_breaks_off_is_no_whole_file():
    def chunks():
        yield TEXT
        raise ValueError

    answer = answered(StreamingHttpResponse(chunks(), content_type="text/csv"))
    sent = []
    with pytest.raises(ValueError, match=r"^$"):
        sent.extend(answer.streaming_content)
    with pytest.raises(EOFError):
        gzip.decompress(b"".join(sent))
