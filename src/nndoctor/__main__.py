"""`python -m nndoctor`."""

from nndoctor.cli.app import main

main()
