"""Where alerts go. One module a channel; each lays out the same words and says what became of them."""
