"""How the campaign stands, on one page for those who lead it: reads only."""
