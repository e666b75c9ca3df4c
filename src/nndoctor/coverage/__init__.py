"""How much of what nnU-Net can say the rules recognise: its sources are read as text and never imported."""
