"""The synthetic demo study DEMO-12, with a known truth planted in it."""
