"""Data entry for the records of what was observed, and for those whose change alters how head counts read."""

from missions.admin import assignments, deployments, elections, erasures, figures, keepers, merges, missions, people

__all__ = ["assignments", "deployments", "elections", "erasures", "figures", "keepers", "merges", "missions", "people"]
