"""Django's SQLite, with as many parameters in a statement as the library at hand takes."""
