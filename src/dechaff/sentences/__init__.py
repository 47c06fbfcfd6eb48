"""Sentences that advertise inside a paragraph that does not."""
