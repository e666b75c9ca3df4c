"""nnU-Net's own world becomes facts: folders and variables, dataset.json, plans, images, preprocessed data."""

from nndoctor.nnunet.collecting import World, look_around, nnunet_facts
from nndoctor.nnunet.headers import ImageHeader, read_header
from nndoctor.nnunet.request import Request

__all__ = ["ImageHeader", "Request", "World", "look_around", "nnunet_facts", "read_header"]
