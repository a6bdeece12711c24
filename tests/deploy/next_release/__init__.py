"""What a next release might add, run while processes of this one work."""
