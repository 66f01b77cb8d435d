"""The one signal of the house: an outcome was recorded or withdrawn (sent on commit).

Receivers get `outcome_id`, `person_id`, `kind`, `subject`.
"""

from django.dispatch import Signal

outcome_changed = Signal()
