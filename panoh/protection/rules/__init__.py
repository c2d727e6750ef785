"""What is right: reports, clocks of response, clusters, safeguards counted. Pure; no clock, no database."""
