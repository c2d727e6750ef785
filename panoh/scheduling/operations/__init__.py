"""What can be done with missions: one function for each act."""
