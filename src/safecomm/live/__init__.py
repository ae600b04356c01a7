"""The real world: a profile in, verdicts out (import the parts from here by their module)."""
