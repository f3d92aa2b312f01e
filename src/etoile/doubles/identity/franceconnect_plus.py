"""What `etoile double franceconnect-plus` starts."""

from etoile.doubles.identity.double import double
from etoile.doubles.identity.platforms import FRANCECONNECT_PLUS

DOUBLE = double(FRANCECONNECT_PLUS)
