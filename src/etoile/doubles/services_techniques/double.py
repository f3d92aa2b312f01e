"""What `etoile double services-techniques` starts."""

from etoile.doubles.services_techniques.application import PROFILE, build
from etoile.doubles.simulation.standing import double

DOUBLE = double(
    PROFILE,
    build,
    english="Technical services of the fictional town, in the manner of ATAL v6: works and rooms.",
    speaks="REST",
    port=8202,
)
