"""What `etoile double urbanisme` starts."""

from etoile.doubles.simulation.standing import double
from etoile.doubles.urbanisme.application import PROFILE, SFTP_PORT, build

DOUBLE = double(
    PROFILE,
    build,
    english="Town planning of the fictional town: files dropped and given back, read by a batch.",
    speaks="SFTP",
    port=SFTP_PORT,
    control_port=8203,
)
