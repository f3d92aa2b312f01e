"""What `etoile double vie-locale` starts."""

from etoile.doubles.simulation.standing import double
from etoile.doubles.vie_locale.application import PROFILE, build

DOUBLE = double(
    PROFILE,
    build,
    english="Local events of the fictional town: fetches its messages at the hub and publishes statuses.",
    speaks="the hub’s mailbox",
    port=8204,
)
