"""A program that writes through the REST API with a token of its own."""

import json

from django.test import Client

from organizations.models import ApiToken


class ApiClient:
    """Sends JSON under /api/v1/ with the token of one user, and keeps the last answer."""

    def __init__(self, user, scope="write"):
        _stored, token = ApiToken.objects.create(user=user, scope=scope, name="A program")
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = Client()

    def send(self, method, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={**self.headers, **named},
        )

    def get(self, path, **headers):
        return self.send("GET", path, **headers)

    def post(self, path, body, **headers):
        return self.send("POST", path, body, **headers)

    def put(self, path, body, **headers):
        return self.send("PUT", path, body, **headers)

    def patch(self, path, body, **headers):
        return self.send("PATCH", path, body, **headers)

    def tag(self, path):
        return self.get(path)["ETag"]

    def change(self, path, body):
        """PATCH onto the version of now."""
        return self.patch(path, body, If_Match=self.tag(path))
