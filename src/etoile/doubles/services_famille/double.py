"""What `etoile double services-famille` starts."""

from etoile.doubles.services_famille.application import PROFILE, build
from etoile.doubles.simulation.standing import double

DOUBLE = double(
    PROFILE,
    build,
    english="Family services of the fictional town: registrations by SOAP, by a vendor’s own contract.",
    speaks="SOAP",
    port=8201,
)
