"""The leaderboard: submissions of run folders, their re-execution, and the site that shows them."""
