"""The suite mirrors apps/."""
