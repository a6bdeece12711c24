"""Post questions (岗位询问): a bank, what is drawn of it for a visit, and who answered what."""
