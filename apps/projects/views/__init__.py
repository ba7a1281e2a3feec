"""Pages about projects, equipment, owners."""
