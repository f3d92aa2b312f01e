"""A browser as people call it (« Firefox sur Windows »), from the long line it sends (RFC 9110, User-Agent)."""

from django.utils.translation import gettext as _

# In order: most name others too, for the pages that ask for these.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def named(line: str) -> str:
    """In words; the line itself when neither the browser nor the system is one of ours."""
    browser = next((name for sign, name in BROWSERS if sign in line), "")
    system = next((name for sign, name in SYSTEMS if sign in line), "")
    if browser and system:
        return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
    return browser or system or line
