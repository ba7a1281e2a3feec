"""Pages of complaints, by what they are about."""
