"""Names of things as distinct types, so that swapped arguments do not type-check."""

from typing import NewType

AcceleratorId = NewType("AcceleratorId", str)
"""A chip or card of catalogs/accelerators."""
SystemId = NewType("SystemId", str)
"""A server or supernode of catalogs/systems."""
FabricId = NewType("FabricId", str)
"""A network of catalogs/fabrics."""
RegionId = NewType("RegionId", str)
"""A place with its tariff and carbon, of catalogs/regions."""
SiteId = NewType("SiteId", str)
"""A data centre of the scenario."""
HallId = NewType("HallId", str)
"""A hall within a site."""
WorkloadId = NewType("WorkloadId", str)
"""A training, serving or other demand of the scenario."""
RuleId = NewType("RuleId", str)
"""A rule of catalogs/policies."""
PeriodIndex = NewType("PeriodIndex", int)
"""Position of a period on the scenario's timeline, from 0."""
