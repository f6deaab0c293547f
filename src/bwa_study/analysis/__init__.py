"""Codings become results: numbers with their denominator, method and source."""
