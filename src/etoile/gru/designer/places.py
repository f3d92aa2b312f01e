"""The page where each thing that is missing is mended."""

from django.urls import NoReverseMatch, reverse

# `publication.Missing.place`, before its colon, and the route of its page; what is after the colon goes in the address.
ROUTES = {
    "presentation": "presentation",
    "legal": "legal",
    "register": "register",
    "routing": "routing",
    "questions": "outline",
    "declarations": "declarations",
    "messages": "messages",
    "document": "documents",
    "field": "field",
    "page": "page",
    "message": "message",
}
WITH_IDENTIFIER = {"field", "page", "message"}


def address(place: str, slug: str) -> str:
    """Of the page where it is mended; the outline when it has none of its own."""
    kind, _colon, identifier = place.partition(":")
    given = [slug, identifier] if kind in WITH_IDENTIFIER else [slug]
    try:
        return reverse(f"designer:{ROUTES.get(kind, 'outline')}", args=given)
    except NoReverseMatch:
        return reverse("designer:outline", args=[slug])
