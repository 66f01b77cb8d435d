"""The demo town 柏岭镇: wiring like `lms.home`, may import all, imported by nobody but its commands.

Everything in it is invented. The same seed and the same day give the same town
(docs/decisions/0004-demo-town.md says how it is built and why it writes tables itself).
"""
