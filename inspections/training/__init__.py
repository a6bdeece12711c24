"""What the projects need, and the trainings that come of it."""
