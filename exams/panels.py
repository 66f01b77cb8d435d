"""What this part contributes to home screens and sidebars."""

from lms.access.panels import NavItem

NAVIGATION: list[NavItem] = []
