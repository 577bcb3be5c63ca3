"""What official documents carry at their head and foot: names, address, logo, place, who signs."""
