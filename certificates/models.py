"""Django finds the models of the rooms here."""

from certificates.designs.models import Design
from certificates.issuing.models import Certificate, IssuingProblem, IssuingRule, NumberSeries

__all__ = ["Certificate", "Design", "IssuingProblem", "IssuingRule", "NumberSeries"]
