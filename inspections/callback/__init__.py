"""Call-backs (客户回访): customers drawn from a list, asked by telephone, never by name."""
