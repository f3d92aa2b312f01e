"""What `etoile double proconnect` starts."""

from etoile.doubles.identity.double import double
from etoile.doubles.identity.platforms import PROCONNECT

DOUBLE = double(PROCONNECT)
