"""ScienceWorld: elementary science experiments in a simulated house."""
