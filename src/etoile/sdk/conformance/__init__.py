"""What every connector must show, whoever wrote it: see `rig.Rig` for what its double lends to the suite."""

from etoile.sdk.conformance.rig import FaultSwitch, Rig

__all__ = ["FaultSwitch", "Rig"]
