"""Technical services in the manner of ATAL v6 (REST, `X-API-Key`): works requests, third parties, room bookings.

Source of the confirmed routes: the published client code for ATAL v6 of the Belgian public IT body iMio. Field names
are not published; they are assumed, and marked so, like the routes of the rooms.
"""

import secrets
from typing import Any

from starlette.routing import Route as Address

from etoile.doubles.services_techniques.api import Api
from etoile.doubles.simulation import telling
from etoile.doubles.simulation.process import Settings
from etoile.doubles.simulation.profile import Kind, Profile, Route, Step
from etoile.doubles.simulation.site import Simulation
from etoile.doubles.simulation.store import Store

API_KEY = "services_techniques_api_key"

WORKS = Kind(
    "intervention",
    "DI",
    steps=(
        Step("ENR", "Enregistrée", "received"),
        Step("PEC", "Prise en compte", "in_progress", "Une équipe est désignée."),
        Step("PLA", "Intervention planifiée", "in_progress", "L’intervention est au planning de la semaine."),
        Step("TER", "Travaux terminés", "closed", "L’intervention est terminée. Merci de votre signalement."),
    ),
    side_steps=(Step("REF", "Sans suite", "refused", "Le lieu signalé n’appartient pas à la commune."),),
)
ROOM = Kind(
    "reservation",
    "RES",
    steps=(
        Step("OPT", "Option posée", "received"),
        Step("VAL", "En validation", "in_progress", "Le service vérifie la disponibilité."),
        Step("CNF", "Confirmée", "accepted", "La salle est réservée à votre nom."),
    ),
    side_steps=(Step("ANN", "Refusée", "refused", "La salle n’est pas disponible à cette date."),),
)
ROUTES = (
    Route("POST", "/api/WorksRequests", "confirmed", "en-tête X-API-Key ; noms des champs supposés"),
    Route("POST", "/api/WorksRequests/{id}/Attachments", "confirmed", "multipart ; nom de la partie supposé"),
    Route("GET", "/api/WorksRequests/{id}?$expand=Responses", "confirmed", "forme de la réponse supposée"),
    Route("GET", "/api/WorksRequests/{id}/Attachments", "assumed"),
    Route("GET", "/api/WorksRequests?$filter=…", "assumed", "filtre à la manière d’OData"),
    Route("GET", "/api/ThirdParties", "confirmed", "forme de la réponse supposée"),
    Route("POST", "/api/ThirdParties", "assumed"),
    Route("GET", "/api/Rooms", "assumed"),
    Route("POST", "/api/RoomReservations", "assumed", "les réservations existent, leur adresse n’est pas publiée"),
    Route("GET", "/api/RoomReservations?$filter=…", "assumed"),
    Route("POST", "/api/RoomReservations/{id}/Attachments", "assumed"),
    Route("GET", "/api/RoomReservations/{id}/Attachments", "assumed"),
)
PROFILE = Profile(
    slug="services-techniques",
    name="Services techniques",
    domain="Voirie, bâtiments et salles",
    how="À la manière d’ATAL v6 : le hub l’appelle et lui demande l’avancement.",
    kinds={"intervention": WORKS, "reservation": ROOM},
    routes=ROUTES,
    tells="nothing",
)


def build(settings: Settings) -> Simulation:
    """The simulated application, ready to be served."""
    store = Store(settings.data)

    def allowed(given: str) -> bool:
        return secrets.compare_digest(given.encode(), settings.secret(API_KEY).encode())

    def work() -> None:
        if settings.auto_seconds is not None:
            telling.advance_ripe(PROFILE, store, settings.auto_seconds)

    return Simulation(PROFILE, store, routes(Api(store, WORKS, ROOM, allowed)), work)


def routes(api: Api) -> list[Any]:
    addresses: list[tuple[str, str, Any]] = [("GET", "/api/ThirdParties", api.third_parties)]
    addresses += [("POST", "/api/ThirdParties", api.new_third_party), ("GET", "/api/Rooms", api.rooms)]
    for base in ("/api/WorksRequests", "/api/RoomReservations"):
        addresses += [
            ("GET", base, api.list),
            ("POST", base, api.create),
            ("GET", base + "/{id}", api.read),
            ("GET", base + "/{id}/Attachments", api.attachments),
            ("POST", base + "/{id}/Attachments", api.attach),
        ]
    return [Address(path, endpoint, methods=[method]) for method, path, endpoint in addresses]
