"""The engines every app stands on. Knows no business words."""
