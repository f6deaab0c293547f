"""The coding log: every act of every coder, kept for good; codings are what it adds up to."""
