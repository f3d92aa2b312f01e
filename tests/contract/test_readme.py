"""What the README tells vendors to write, run as it is written."""

import json
import re
from pathlib import Path

from etoile.contract import client
from etoile.contract.envelope import Event
from etoile.contract.schemas import example
from etoile.contract.signature import new_secret, sign
from etoile.sdk.testing import serve

README = Path(client.__file__).with_name("README.md")


class Hub:
    def __init__(self):
        self.published, self.acknowledged = [], []

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        body = (await receive()).get("body", b"")
        answer = self.answer(scope["path"], body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

    def answer(self, path, body):
        if path == "/oauth/token":
            return {"access_token": "t", "expires_in": 300}
        if path == "/v1/events":
            self.published.append(Event.from_json(body))
            return {"id": "m1", "duplicate": False}
        if path == "/v1/rehearsals":
            reads = [{"path": "status", "by": "mapping", "required": True}]
            return {"items": [{"id": "1", "receivers": [{"name": "La GRU", "reads": reads}]}]}
        if path == "/v1/mailbox":
            return {"items": [{"delivery": "d1", "event": example("org.etoile.case.submitted.v1").to_dict()}]}
        if path == "/v1/lookups/communes":
            return {"result": "unavailable", "message": "Demandez le nom de la commune."}
        self.acknowledged += json.loads(body)["acks"]
        return {}


def test_the_examples_of_the_readme_run_as_they_are_written(monkeypatch, capsys):
    hub, names = Hub(), {}
    with serve(hub) as address:
        for name, value in {"HUB_URL": address, "HUB_CLIENT_ID": "a", "HUB_CLIENT_SECRET": "b"}.items():
            monkeypatch.setenv(name, value)
        for block in re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL):
            exec(compile(block, str(README), "exec"), names)
    assert [event.type for event in hub.published] == ["org.etoile.case.status_changed.v1"]
    assert [ack["external_id"] for ack in hub.acknowledged] == ["URB-26-K7QM-3"]
    assert capsys.readouterr().out == "m1 False\nLa GRU ['status']\nDemandez le nom de la commune.\n"
    names["hub"].close()

    secret, body = new_secret(), example("org.etoile.case.submitted.v1").to_json()
    assert names["receive"](sign(secret, id="1", body=body), body, secret) == (200, {"external_id": "DT-26-K7QM-3"})
    assert names["receive"](sign(secret, id="1", body=body), b"{}", secret)[0] == 401


def test_the_readme_names_no_file_that_does_not_exist():
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", README.read_text()):
        assert (README.parent / link).exists(), link
