"""A finding in force: rectified, verified, put off, handed on; its list, board and page."""
