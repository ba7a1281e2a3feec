"""Pages about requests and work orders."""
