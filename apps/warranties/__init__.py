"""Cover and warranty cards."""
