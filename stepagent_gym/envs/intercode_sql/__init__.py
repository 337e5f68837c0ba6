"""InterCode-SQL: questions over databases, answered with SQL."""
