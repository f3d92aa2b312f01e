import sys

from etoile.doubles.services_famille.application import build
from etoile.doubles.simulation.process import parse, run

if __name__ == "__main__":
    settings = parse("services_famille", 8201)
    sys.exit(run(build(settings), settings))
