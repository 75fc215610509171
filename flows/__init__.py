"""When things happen, in what order, how often again and whom to tell. The work itself is done elsewhere."""
