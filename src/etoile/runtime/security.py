"""What every answer of both products carries for the browser: one list of middleware, one policy, one set of settings.

In a settings module:  MIDDLEWARE = [*SECURITY_MIDDLEWARE, …]  and  globals().update(django_security(env))
A template gives its own script or style the nonce: <script nonce="{{ request.csp_nonce }}">.
"""

from collections.abc import Callable
from typing import Any, Final

from csp.constants import NONCE, NONE, SELF
from django.http import HttpRequest, HttpResponse

from etoile.runtime.maintenance import switch
from etoile.runtime.settings import Environment

SECURITY_MIDDLEWARE: Final = [
    "etoile.runtime.health.HealthMiddleware",
    "etoile.runtime.requests.RequestIdentifierMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "etoile.runtime.security.BrowserHeadersMiddleware",
    "etoile.runtime.maintenance.MaintenanceMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "etoile.runtime.compression.CompressedPagesMiddleware",
]

ONE_YEAR: Final = 365 * 24 * 3600
UNUSED_FEATURES: Final = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
FIXED_HEADERS: Final = {
    "Permissions-Policy": ", ".join([*(f"{feature}=()" for feature in UNUSED_FEATURES), "geolocation=(self)"]),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def csp_policy(*, secure: bool = False, **additions: list[str]) -> dict[str, Any]:
    """The value of CONTENT_SECURITY_POLICY (django-csp 4): own files and nonces only, nothing inline, no frame.

    `secure` adds upgrade-insecure-requests; `additions` extend a directive: csp_policy(img_src=["data:"]).
    """
    directives: dict[str, Any] = {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
    for name, sources in additions.items():
        directive = name.replace("_", "-")
        present = [source for source in directives.get(directive, []) if source != NONE]
        directives[directive] = [*present, *sources]
    if secure:
        directives["upgrade-insecure-requests"] = True
    return {"DIRECTIVES": directives}


def django_security(env: Environment) -> dict[str, Any]:
    """Django's own security settings. Production means HTTPS, ended here or by a proxy that sets X-Forwarded-Proto."""
    secure = env.production
    settings: dict[str, Any] = {
        "CONTENT_SECURITY_POLICY": csp_policy(secure=secure),
        "MAINTENANCE_FILE": switch(env.data, env.product),
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "SECURE_HSTS_SECONDS": ONE_YEAR if secure else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": f"{'__Host-' if secure else ''}{env.product}_session",
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": f"{'__Host-' if secure else ''}{env.product}_csrf",
    }
    if env.flag(
        "ETOILE_BEHIND_PROXY",
        default=False,
        help="True if a reverse proxy ends HTTPS and overwrites X-Forwarded-Proto; it is then believed.",
    ):
        settings["SECURE_PROXY_SSL_HEADER"] = ("HTTP_X_FORWARDED_PROTO", "https")
    return settings


class BrowserHeadersMiddleware:
    """Adds the headers Django has no setting for; a view that sets one itself is respected."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in FIXED_HEADERS.items():
            response.headers.setdefault(name, value)
        return response
