"""`python -m etoile.runtime` is `etoile`, wherever the script is not on the path."""

import sys

from etoile.runtime.command import main

sys.exit(main())
