"""What a study is: the nouns every other room reads, and nothing else."""
