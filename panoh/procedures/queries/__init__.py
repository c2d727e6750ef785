"""What can be read of cases. Every query about a person starts at `visible_to(actor)`."""
