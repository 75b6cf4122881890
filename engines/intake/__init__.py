"""What is this file: content sniffing, length and limits, in a limited child process."""
