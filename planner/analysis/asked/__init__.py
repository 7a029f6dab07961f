"""The file of questions as it is written, one file of models for each kind of question."""
