"""Told when a request of an attempt was refused, so that rooms above may note it. Nothing is known of them here."""

from django.dispatch import Signal

# Sent with `kind` ("seb", "device"), `attempt_key`, `person_id`, `now`; after the transaction that refused.
refused = Signal()
