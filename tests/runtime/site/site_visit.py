"""Visit the smallest product and print its answers, in a process of its own: Django is configured once per process."""

import json
import sys

import django
from django.core.management import call_command
from django.test import Client


def visit(client: Client, path: str, *, secure: bool = False, **headers: str) -> dict[str, object]:
    answer = client.get(path, secure=secure, **headers)
    return {"status": answer.status_code, "body": answer.content.decode(), "headers": dict(answer.headers)}


django.setup()
answers = {
    "live": visit(Client(), "/health/live", HTTP_HOST="10.0.0.7"),
    "before": visit(Client(), "/health/ready", HTTP_HOST="10.0.0.7"),
}
if "migrate" in sys.argv:
    call_command("migrate", verbosity=0)
    answers["after"] = visit(Client(), "/health/ready", HTTP_HOST="10.0.0.7")
answers["elsewhere"] = visit(Client(), "/nowhere", HTTP_HOST="town.example", HTTP_X_REQUEST_ID="0123456789abcdef")
answers["forged"] = visit(Client(), "/nowhere", HTTP_HOST="town.example", HTTP_X_REQUEST_ID="<script>alert(1)")
answers["secure"] = visit(Client(), "/nowhere", secure=True, HTTP_HOST="town.example")
sys.stdout.write(json.dumps(answers) + "\n")
