"""A key made of software, as a browser would show one: it counts, and answers what it is told to."""

import hashlib
import json
import os
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as text

PRESENT, VERIFIED, DESCRIBED = 0x01, 0x04, 0x40


class SoftKey:
    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.credential, self.count, self.owner = os.urandom(32), 0, ""

    def create(self, options: str, origin: str, flags: int = PRESENT) -> str:
        asked = json.loads(options)
        self.owner = asked["user"]["id"]
        numbers = self.private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        described = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(cose)
        data = self._data(asked["rp"]["id"], flags | DESCRIBED) + described
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"], origin)
        return self._said(clientDataJSON=text(client), attestationObject=text(attestation))

    def answer(self, options: str, origin: str, **changes: Any) -> str:
        """`changes`: `kind`, `challenge`, `host`, `flags`, `count`, `private`, `owner`, where it lies."""
        asked = json.loads(options)
        self.count = changes.get("count", self.count + 1)
        data = self._data(changes.get("host", asked["rpId"]), changes.get("flags", PRESENT))
        kind, challenge = changes.get("kind", "webauthn.get"), changes.get("challenge", asked["challenge"])
        client = self._client(kind, challenge, origin)
        signed = data + hashlib.sha256(client).digest()
        signature = changes.get("private", self.private).sign(signed, ec.ECDSA(SHA256()))
        # Asked for no key by name, it says whose it is.
        owner = {} if asked.get("allowCredentials") else {"userHandle": changes.get("owner", self.owner)}
        said = {"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature)}
        return self._said(**said, **owner)

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _said(self, **response: str) -> str:
        name = text(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
