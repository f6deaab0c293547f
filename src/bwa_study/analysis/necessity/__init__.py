"""Necessity and sufficiency across cases: scores, set relations, truth tables, ceilings, and how firm they are."""
