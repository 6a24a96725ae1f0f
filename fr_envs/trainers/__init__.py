"""Worlds for trainers: each module is a thin shell over ``Session`` in the form that one library takes."""
