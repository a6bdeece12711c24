"""A real OpenID provider on loopback, and a browser between it and the product.

What it hands out can be changed on the way, signed with its own key or with another.
"""

import base64
import hashlib
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import flask
import oidc_provider_mock
import requests
from django.test import Client
from django.urls import reverse
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from joserfc.jws import JWSRegistry

CLIENT, SECRET = "pinzhi", "a-secret-of-the-checks-only"
PATIENCE = 60  # seconds; a busy machine answers late, and that is not what is looked at
ANY = JWSRegistry(algorithms=["RS256", "HS256", "none"])


class House:
    """The provider: `knows` people, `forges` what the next sign-in is handed."""

    def __init__(self, server):
        self.issuer = f"http://localhost:{server.server_port}"
        self.change = None
        self.asked = {}
        server.app.after_request(self.on_the_way)

    def knows(self, subject: str, **claims) -> None:
        place = f"{self.issuer}/users/{subject}"
        requests.put(place, json=claims, timeout=PATIENCE).raise_for_status()

    def on_the_way(self, response):
        if flask.request.path != "/oauth2/token":
            return response
        self.asked = flask.request.form.to_dict()
        if self.change and response.status_code == 200:
            said = response.get_json()
            key = flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True)
            self.change(said, RSAKey.import_key(key))
            response.set_data(flask.json.dumps(said))
        return response

    def forges(self, *, by="", alg="RS256", **claims) -> None:
        """The ID token with other claims (None takes one out), by its own key or by another."""
        others = {"another key": RSAKey.generate_key, "the secret": secret_as_key}

        def change(said, key):
            found = jwt.decode(said["id_token"], KeySet([key])).claims | claims
            kept = {name: value for name, value in found.items() if value is not None}
            header = {"alg": alg, "kid": key.kid} if key.kid else {"alg": alg}
            said["id_token"] = jwt.encode(header, kept, others[by]() if by else key, registry=ANY)

        self.change = change


def secret_as_key() -> OctKey:
    return OctKey.import_key(SECRET)


@contextmanager
def provider():
    with oidc_provider_mock.run_server_in_thread() as server:
        yield House(server)


def begin(client: Client, next_page: str = "") -> dict:
    """Press the button: what the browser takes along to the provider."""
    there = client.get(reverse("sso_start"), {"next": next_page})
    return dict(parse_qsl(urlsplit(there.url).query)) | {"at": there.url}


def agree(asked: dict, subject: str) -> dict:
    """Sign in over there: what the browser brings back."""
    who = {"sub": subject}
    back = requests.post(asked["at"], data=who, allow_redirects=False, timeout=PATIENCE)
    assert back.headers["Location"].startswith(asked["redirect_uri"])
    return dict(parse_qsl(urlsplit(back.headers["Location"]).query))


def come_back(client: Client, brought: dict):
    return client.get(reverse("sso_answer"), brought)


def sign_in(client: Client, subject: str, next_page: str = ""):
    return come_back(client, agree(begin(client, next_page), subject))


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
