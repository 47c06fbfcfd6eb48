"""Forms of words that mislead: which tactic a line uses, and whether a headline is bait. Form is judged, not truth."""
