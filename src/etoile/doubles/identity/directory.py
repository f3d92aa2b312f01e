"""What `etoile double annuaire` starts."""

from etoile.doubles.identity.double import double
from etoile.doubles.identity.platforms import DIRECTORY

DOUBLE = double(DIRECTORY)
