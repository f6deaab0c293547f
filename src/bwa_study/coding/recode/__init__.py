"""The re-coding page: people code transcripts by keyboard, in the browser or in a notebook."""
