"""What is right about sources: anchors, sounds, questions, places, claims. Pure functions."""
