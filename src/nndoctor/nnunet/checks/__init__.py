"""What was seen of files and folders is judged: everything that would make nnU-Net fail, or lie, becomes a Problem."""
