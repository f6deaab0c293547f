"""Safety of the people who speak."""
