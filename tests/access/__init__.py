"""Who sees and changes what, on every address."""
