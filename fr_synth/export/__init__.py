"""From records to data sets for trainers and evaluations: one format a module, over one reading of a record."""
