"""What a person asks for wrongly or thinks better of, held off and put right before it is done."""
