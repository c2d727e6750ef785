"""What can be read of incidents, their patterns, interventions and the keeping of safeguards."""
