"""Mind2Web: recorded tasks on websites, answered as multiple-choice questions about elements."""
