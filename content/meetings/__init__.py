"""Morning-meeting cards."""
