"""How often the diagnosis is right: labelled cases in, figures out."""
