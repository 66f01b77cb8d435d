"""Something about an attempt's browser is worth noting: told here, noted by whoever listens above."""

from django.dispatch import Signal

# Sent after the transaction, with `kind` ("seb", "device": refused; "take_over": done), `attempt_key`, `person_id`,
# `now`.
noticed = Signal()
