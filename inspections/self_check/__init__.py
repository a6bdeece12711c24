"""A project scores itself, takes what is missing into its plan, and is compared later."""
