"""From traces to a dialogue: the guided iterative chain and its reasoning."""
