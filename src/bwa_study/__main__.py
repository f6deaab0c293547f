"""`python -m bwa_study` is `bwa-study`."""

from bwa_study.cli import main

if __name__ == "__main__":
    main()
