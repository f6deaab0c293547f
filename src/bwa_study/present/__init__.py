"""Results become tables, figures and pages."""
