"""People who sign in: users, staff roles, invitations."""
