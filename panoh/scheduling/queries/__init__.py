"""What can be read of missions; every query starts at `missions.visible_to` or at the cases that the actor sees."""
