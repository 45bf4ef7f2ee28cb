import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from lib.problems import problem_response


class TableRenderer(BaseRenderer):
    media_type = "text/csv"
    format = "csv"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return b"a,table"


class FailingView(APIView):
    authentication_classes = []
    permission_classes = []
    renderer_classes = [JSONRenderer, TableRenderer]
    error = None

    def get_exception_handler(self):
        return problem_response

    def get(self, request):
        raise self.error

    def post(self, request):
        raise self.error


def answered(error, method="get", query=""):
    request = getattr(APIRequestFactory(), method)(f"/records/{query}", format="json")
    return FailingView.as_view(error=error)(request).render()


def problem(error, **request):
    response = answered(error, **request)
    assert response["Content-Type"] == "application/problem+json"
    document = json.loads(response.content)
    assert document["status"] == response.status_code
    return document


def test_a_problem_has_the_members_of_rfc_9457():
    assert problem(exceptions.ValidationError({"year": ["“17” is not a year."]})) == {
        "type": "about:blank",
        "title": "The request cannot be answered as it was asked",
        "status": 400,
        "detail": "“17” is not a year.",
        "errors": [{"parameter": "year", "message": "“17” is not a year."}],
    }


def test_several_errors_are_listed_under_one_sentence():
    document = problem(exceptions.ValidationError({"year": ["One.", "Two."], "q": ["Three."]}))

    assert document["detail"] == "Several things are wrong with the request: see errors."
    assert document["errors"] == [
        {"parameter": "year", "message": "One."},
        {"parameter": "year", "message": "Two."},
        {"parameter": "q", "message": "Three."},
    ]


def test_an_error_about_no_one_parameter_names_none():
    assert problem(exceptions.ValidationError("Wrong."))["errors"] == [{"message": "Wrong."}]
    assert problem(exceptions.ValidationError({"non_field_errors": ["Wrong."]}))["errors"] == [{"message": "Wrong."}]


@pytest.mark.parametrize(
    ("detail", "errors"),
    [
        ({"starts_on": ["Too late."]}, [("#/starts_on", "Too late.")]),
        ({"a/b~c": ["Odd."]}, [("#/a~1b~0c", "Odd.")]),
        ({"non_field_errors": ["Both are blank."]}, [("#", "Both are blank.")]),
        (["Not a list."], [("#", "Not a list.")]),
        ({"channels": [{}, {"mission": ["Missing."]}]}, [("#/channels/1/mission", "Missing.")]),
        ([{"code": ["Taken."]}, {}], [("#/0/code", "Taken.")]),
        ({"names": {"0": ["Blank."]}}, [("#/names/0", "Blank.")]),
    ],
)
def test_errors_of_a_body_point_to_their_place(detail, errors):
    assert problem(exceptions.ValidationError(detail), method="post")["errors"] == [
        {"pointer": pointer, "message": message} for pointer, message in errors
    ]


def test_the_errors_of_a_serializer_point_to_their_place():
    class VisitSerializer(serializers.Serializer):
        name = serializers.CharField()

    serializer = VisitSerializer(data=[{"name": "x"}, {}], many=True)
    assert not serializer.is_valid()

    document = problem(exceptions.ValidationError(serializer.errors), method="post")
    assert document["errors"] == [{"pointer": "#/1/name", "message": "This field is required."}]


def test_what_is_missing_and_what_is_hidden_read_the_same():
    answers = [
        answered(error).content
        for error in [
            Http404("No Deployment matches the given query."),
            exceptions.NotFound("There is a secret deployment."),
            exceptions.NotFound(),
        ]
    ]

    assert len(set(answers)) == 1
    assert json.loads(answers[0]) == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing here, or nothing that you may see.",
        "errors": [],
    }


OTHER_METHODS = "This method is not for this address: the header Allow names those that are."
SEND_JSON = "Send JSON, with the header Content-Type: application/json."


@pytest.mark.parametrize(
    ("error", "status", "title", "detail"),
    [
        (PermissionDenied(), 403, "This is not allowed", "You may not do this."),
        (exceptions.PermissionDenied("Only the owner may."), 403, "This is not allowed", "Only the owner may."),
        (exceptions.NotAuthenticated(), 403, "This is not allowed", "You may not do this."),
        (exceptions.MethodNotAllowed("PUT"), 405, "This cannot be done here", OTHER_METHODS),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "Not readable in this format", SEND_JSON),
        (exceptions.Throttled(wait=5), 429, "Too many requests", None),
        (exceptions.ParseError("Not JSON."), 400, "The request cannot be answered as it was asked", "Not JSON."),
        (exceptions.APIException("Broken."), 500, "Internal Server Error", "Broken."),
    ],
)
def test_every_kind_of_error_has_a_title_and_a_sentence(error, status, title, detail):
    document = problem(error)

    assert (document["status"], document["title"], document["errors"]) == (status, title, [])
    assert detail in {document["detail"], None}


def test_someone_unknown_is_asked_to_sign_in():
    class KeyAuthentication:
        def authenticate(self, request):
            return None

        def authenticate_header(self, request):
            return "Key"

    class LockedView(FailingView):
        authentication_classes = [KeyAuthentication]

    response = LockedView.as_view(error=exceptions.NotAuthenticated())(APIRequestFactory().get("/")).render()

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Key")
    assert json.loads(response.content)["detail"] == (
        "This is for people who have signed in, and for programs that send a token."
    )


def test_headers_are_kept():
    assert answered(exceptions.Throttled(wait=5))["Retry-After"] == "5"


def test_an_error_is_a_problem_document_even_where_a_table_was_asked_for():
    assert problem(exceptions.ValidationError({"year": ["Wrong."]}), query="?format=csv")["detail"] == "Wrong."


def test_a_fault_of_the_program_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        answered(ZeroDivisionError())
