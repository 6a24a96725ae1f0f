"""What front doors are made of that needs no library, a module a library."""
