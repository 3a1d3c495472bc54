"""From a question in Chinese to a figure, how it was worked out, and the page it stands on."""
