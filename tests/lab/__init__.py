"""The fault lab: real nnU-Net runs with one injected fault each, and what they printed."""
