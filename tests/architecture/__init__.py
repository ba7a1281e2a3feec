"""What the code may not do, checked on the code itself."""
