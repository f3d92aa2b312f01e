"""What `etoile double franceconnect` starts."""

from etoile.doubles.identity.double import double
from etoile.doubles.identity.platforms import FRANCECONNECT

DOUBLE = double(FRANCECONNECT)
