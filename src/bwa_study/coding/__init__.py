"""The model becomes codings: who said what, proposed by patterns or given by people."""
