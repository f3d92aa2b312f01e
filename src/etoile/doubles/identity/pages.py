"""The pages that a person sees on the simulated platform. They look like no true one, on purpose."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from etoile.doubles.identity.platforms import Platform

PAGE = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:1rem/1.5 system-ui;max-width:38rem;margin:2rem auto;padding:0 1rem}}
button{{font:inherit;padding:.5rem .8rem;margin:.25rem 0;width:100%;text-align:left}}
strong{{background:#ffe08a;color:#222;padding:.1rem .4rem}}</style></head>
<body><main><p><strong>application simulée</strong></p><h1>{title}</h1>{body}</main></body></html>"""


def choice(platform: Platform, interaction: str, people: Iterable[Mapping[str, Any]]) -> str:
    """Who signs in, or how it fails."""
    chosen = [(person["key"], person["shown"]) for person in people]
    chosen += [("abort", "Revenir sans s’identifier"), ("unavailable", "La vérification d’identité est en panne")]
    buttons = "".join(
        f'<p><button name="person" value="{escape(key)}">{escape(shown)}</button></p>' for key, shown in chosen
    )
    form = f'<form method="post" action="interaction"><input type="hidden" name="interaction" value="{interaction}">'
    return PAGE.format(
        title=f"{escape(platform.name)} : qui s’identifie ?", body=f"{form}{buttons}</form><p>{platform.what}</p>"
    )


def stuck(platform: Platform, code: str, why: str) -> str:
    """An error from which nobody is sent back to the service."""
    return PAGE.format(title=f"{escape(platform.name)} : erreur {code}", body=f"<p lang=en>{escape(why)}</p>")
